const { execFileSync } = require('node:child_process')
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { buildSync } = require('esbuild')

// A folder without node_modules, so that the bundle cannot load anything from outside.
const outdir = mkdtempSync(join(tmpdir(), 'bundled-'))
try {
  buildSync({ entryPoints: ['es-module.mjs', 'typescript.ts'], outdir, bundle: true, platform: 'node' })
  for (const bundle of ['es-module.js', 'typescript.js']) {
    execFileSync(process.execPath, [join(outdir, bundle)], { stdio: 'inherit' })
  }
} finally {
  rmSync(outdir, { recursive: true })
}
