import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, inject } from 'vitest'

const execute = promisify(execFile)

/** Creates a project from the given fixtures, with the packed package installed under the given name. */
export function useConsumer(fixtures: string[], name = 'sessionware') {
  let folder: string
  const run = (command: string, ...args: string[]) => runIn(folder, command, args)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consumer-'))
    copyFileSync(inject('tarball'), join(folder, 'package.tgz'))
    for (const fixture of fixtures) copyFixture(fixture, folder, name)
    writeManifest(fixtures, folder, name)
    await run('npm', ...INSTALL)
  }, 400_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  return { run, path: (file: string) => join(folder, file) }
}

export type Consumer = ReturnType<typeof useConsumer>

const INSTALL = [
  'install',
  '--strict-peer-deps',
  '--prefer-offline',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
]

const fixturePath = (fixture: string, file: string) => join(__dirname, 'projects', fixture, file)

function copyFixture(fixture: string, folder: string, name: string) {
  for (const file of readdirSync(fixturePath(fixture, '.'))) {
    writeFileSync(join(folder, file), readFixture(fixture, file, name))
  }
}

function writeManifest(fixtures: string[], folder: string, name: string) {
  const manifests = fixtures.map((fixture) => JSON.parse(readFixture(fixture, 'package.json', name)))
  const merge = (key: string) => Object.assign({}, ...manifests.map((manifest) => manifest[key]))
  const manifest = {
    private: true,
    dependencies: merge('dependencies'),
    optionalDependencies: merge('optionalDependencies'),
    overrides: merge('overrides'),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
}

// The fixtures import 'sessionware'. For an alias, only this name is replaced.
function readFixture(fixture: string, file: string, name: string) {
  return readFileSync(fixturePath(fixture, file), 'utf8').replaceAll('sessionware', name)
}

async function runIn(folder: string, command: string, args: string[]) {
  try {
    const { stdout } = await execute(command, args, { cwd: folder, timeout: 300_000 })
    return stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  }
}
