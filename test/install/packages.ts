import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'

const ROOT = join(__dirname, '../..')
const STAMP = 'node_modules/.installed-from'

/** Runs `npm ci` for a folder with a package.json and a lock file of its own, unless what they ask for is installed. */
export function installPackages(folder: string, say: (line: string) => void = console.log) {
  if (isInstalled(folder)) return
  const name = relative(ROOT, folder)
  const { description } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  say(`npm ci in ${name}, because its packages are missing or its lock file has changed. ${description}`)
  const started = performance.now()
  const stage = createStage(folder)
  try {
    runNpm(stage, name)
    writeFileSync(join(stage, STAMP), fingerprintOf(folder))
    putInPlace(stage, folder)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
  say(`npm ci in ${name} took ${Math.round((performance.now() - started) / 1000)} s.`)
}

function isInstalled(folder: string) {
  const stamp = join(folder, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprintOf(folder)
}

/** The lock file, and the version of Node's binary interface, for which native packages are compiled. */
function fingerprintOf(folder: string) {
  const hash = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json')))
  return `${hash.digest('hex')} ${process.platform}-${process.arch}-${process.versions.modules}`
}

/** A temporary folder to install in: neither an interrupted run nor two runs at the same time break the real one. */
function createStage(folder: string) {
  const cache = join(ROOT, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const stage = mkdtempSync(join(cache, 'install-'))
  const files = ['package.json', 'package-lock.json', '.npmrc'].filter((file) =>
    existsSync(join(folder, file)),
  )
  for (const file of files) cpSync(join(folder, file), join(stage, file))
  return stage
}

function runNpm(stage: string, name: string) {
  try {
    const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
    execFileSync('npm', args, { cwd: stage, encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string }
    const remedy = 'The tests that need no further packages run with "npm run test:unit".'
    throw new Error(`npm ci in ${name} failed. ${remedy}\n${stderr || message}${stdout}`)
  }
}

function putInPlace(stage: string, folder: string) {
  const target = join(folder, 'node_modules')
  if (isInstalled(folder)) return
  if (existsSync(target)) renameSync(target, join(stage, 'replaced'))
  try {
    renameSync(join(stage, 'node_modules'), target)
  } catch (error) {
    // Another run that installed the same has been faster.
    if (!isInstalled(folder)) throw error
  }
}
