import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Runs a file that starts a server in a process of its own, calls `use` with its address, and ends the process. */
export async function serveFile<T>(path: string, use: (address: string) => Promise<T>): Promise<T> {
  const child = fork(path, {
    execArgv: ['--require', join(__dirname, 'free-port.js')],
    env: { ...process.env, NODE_ENV: 'test' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    return await use(`http://127.0.0.1:${await portOf(child, path)}`)
  } finally {
    await stop(child)
  }
}

/** Resolves to the port that the process reports. Rejects if the process ends without a server. */
function portOf(child: ChildProcess, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (port) => resolve(port as number))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${path} ended with code ${code} and listened on no port`)))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill()
  await exit
}
