import { execFile, execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installPackages } from './packages'

const root = mkdtempSync(join(tmpdir(), 'install-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder: string
beforeAll(() => {
  for (const version of ['1.0.0', '2.0.0']) pack(version)
})
beforeEach(() => {
  folder = mkdtempSync(join(root, 'folder-'))
  askFor('1.0.0')
})

describe('installPackages', () => {
  it('installs what the lock file names, and says what it does', () => {
    expect(install()).toEqual([
      expect.stringMatching(/^npm ci in .+, because its packages are missing .+ Made for a test\.$/),
      expect.stringMatching(/^npm ci in .+ took \d+ s\.$/),
    ])
    expect(installedVersion()).toBe('1.0.0')
  })

  it('does nothing while the lock file stays the same', () => {
    install()
    expect(install()).toEqual([])
  })

  it('installs again when the lock file has changed', () => {
    install()
    askFor('2.0.0')
    expect(install()).toHaveLength(2)
    expect(installedVersion()).toBe('2.0.0')
  })

  it('installs anew where an installation was not finished', () => {
    mkdirSync(join(folder, 'node_modules/greeting'), { recursive: true })
    install()
    expect(installedVersion()).toBe('1.0.0')
  })

  it('fails with the output of npm, and installs at the next run', () => {
    const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8')
    writeFileSync(join(folder, 'package-lock.json'), lock.replaceAll('1.0.0', '3.0.0'))
    expect(install).toThrow(/^npm ci in .+ failed\. .*"npm run test:unit"\.\n.*greeting@3\.0\.0/s)
    expect(existsSync(join(folder, 'node_modules'))).toBe(false)

    askFor('1.0.0')
    install()
    expect(installedVersion()).toBe('1.0.0')
  })

  it('installs whole packages when two processes do it at the same time', async () => {
    const command = ['--require', 'tsx/cjs', join(__dirname, 'index.ts'), folder]
    const run = () => promisify(execFile)(process.execPath, command)
    await Promise.all([run(), run()])
    expect(installedVersion()).toBe('1.0.0')
    expect(install()).toEqual([])
  })
})

function install() {
  const said: string[] = []
  installPackages(folder, (line) => said.push(line))
  return said
}

/** Makes a tarball of this version, and a folder whose lock file asks for it. */
function pack(version: string) {
  const source = join(root, version)
  write(source, { name: 'greeting', version })
  runNpm(source, 'pack', '--pack-destination', root)
  const dependencies = { greeting: `file:${join(root, `greeting-${version}.tgz`)}` }
  write(join(root, `asks-for-${version}`), { private: true, description: 'Made for a test.', dependencies })
  runNpm(join(root, `asks-for-${version}`), 'install', '--package-lock-only', '--no-audit', '--no-fund')
}

function write(path: string, manifest: object) {
  mkdirSync(path)
  writeFileSync(join(path, 'package.json'), JSON.stringify(manifest))
}

function runNpm(cwd: string, ...args: string[]) {
  execFileSync('npm', args, { cwd, stdio: 'pipe' })
}

function askFor(version: string) {
  cpSync(join(root, `asks-for-${version}`), folder, { recursive: true })
}

function installedVersion() {
  return JSON.parse(readFileSync(join(folder, 'node_modules/greeting/package.json'), 'utf8')).version
}
