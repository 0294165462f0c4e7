import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const repository = join(__dirname, '../..')

/** Builds the package in a new folder with the repository's layout, so that concurrent tests do not share `dist`. */
export function stagePackage() {
  const stage = mkdtempSync(join(tmpdir(), 'sessionware-'))
  try {
    fill(stage)
  } catch (error) {
    rmSync(stage, { recursive: true })
    throw error
  }
  return stage
}

/** Packs a staged package as for publishing, and returns the tarball's path. */
export function packPackage(stage: string) {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts'], { cwd: stage, encoding: 'utf8' })
  const [packed] = JSON.parse(output) as { filename: string }[]
  if (!packed) throw new Error(`npm pack created no tarball: ${output}`)
  return join(stage, packed.filename)
}

/** Runs a development tool, of the repository or of a folder with its own packages, and returns its output. */
export function runTool(name: string, args: string[], folder = '.') {
  return execFileSync(join(repository, folder, 'node_modules/.bin', name), args, {
    cwd: repository,
    encoding: 'utf8',
    stdio: 'pipe',
  })
}

/** Leaves out what was installed or built in the folder of an example. */
function isSource(file: string) {
  return !/[\\/](node_modules|\.next)$/.test(file)
}

function fill(stage: string) {
  const shipped = ['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md', 'examples']
  for (const name of shipped.filter((name) => existsSync(join(repository, name)))) {
    cpSync(join(repository, name), join(stage, name), { recursive: true, filter: isSource })
  }
  symlinkSync(join(repository, 'node_modules'), join(stage, 'node_modules'))
  runTool('tsc', ['-p', 'src', '--outDir', join(stage, 'dist')])
}
