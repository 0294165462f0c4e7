import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { MissingServer } from '../contract'
import { until } from '../until'
import { answers } from './reach'

/** A redis-server of a cluster also takes the port 10,000 above its own. */
let nextPort = randomInt(11_000, 22_000)

/** Starts a server program for one test and waits until it listens at the URL. */
export async function startProcess(program: string, args: string[], url: URL): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: 'ignore' })
  await once(child, 'spawn').catch(() => {
    throw new MissingServer(`${program} is not installed`)
  })
  await until(`${program} to listen`, () => answers(url))
  return child
}

/** Kills the process with SIGKILL, as in a crash. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/**
 * Returns a URL with an unused port, below the ports that the system uses for outgoing connections, so that a
 * stopped server can use it again.
 */
export async function freeUrl(scheme: string): Promise<URL> {
  for (;;) {
    nextPort++
    const url = new URL(`${scheme}://127.0.0.1:${nextPort}`)
    if (!(await answers(url))) return url
  }
}
