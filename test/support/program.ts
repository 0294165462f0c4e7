import { execFile } from 'node:child_process'
import { join } from 'node:path'

const PROGRAMS = join(__dirname, '../session/programs')

/** Runs a program of test/session/programs in a separate process and resolves to its output. */
export function runProgram(name: string, { args = [] as string[], node = [] as string[], env = {} } = {}) {
  const command = [...node, '--import', 'tsx', join(PROGRAMS, `${name}.ts`), ...args]
  const options = { env: { ...process.env, NO_DEPRECATION: '', NODE_OPTIONS: '', ...env } }
  return new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    execFile(process.execPath, command, options, (err, stdout, stderr) => {
      if (err) reject(err)
      else resolve({ stdout, stderr })
    })
  })
}
