import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './markdown'

interface Counts {
  passed: number
  failed: number
}

/** Runs a test file with `node --test` and returns how many tests passed and failed. */
export function runNodeTests(path: string): Counts {
  const output = run(process.execPath, ['--test', '--test-reporter=tap', path])
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)`, 'm').exec(output)?.[1])
  return { passed: count('pass'), failed: count('fail') }
}

/** Runs a test file with vitest and returns how many tests passed and failed. */
export function runVitest(folder: string, path: string): Counts {
  const report = join(folder, 'report.json')
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
  run(process.execPath, [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`, path])
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  return { passed: numPassedTests, failed: numFailedTests }
}

/** Returns what the command prints. The variables by which a test runner knows that it runs inside another are removed. */
function run(command: string, args: string[]): string {
  const env = { ...process.env }
  for (const name of Object.keys(env)) if (/^(VITEST|NODE_TEST)/.test(name)) delete env[name]
  try {
    return execFileSync(command, args, { env, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  }
}
