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
  await until(`${program} to listen`, async () => {
    if (!isRunning(child)) throw new Error(`${program} has ended before it listened at ${url}`)
    return answers(url)
  })
  return child
}

/** Starts a server at an unused port. Another program may take the port, or one that the server needs besides, meanwhile. */
export async function startAnywhere<T>(
  scheme: string,
  start: (url: URL) => Promise<T>,
): Promise<[url: URL, started: T]> {
  for (let attempt = 1; ; attempt++) {
    const url = await freeUrl(scheme)
    try {
      return [url, await start(url)]
    } catch (err) {
      if (err instanceof MissingServer || attempt === 5) throw err
    }
  }
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
async function freeUrl(scheme: string): Promise<URL> {
  for (;;) {
    nextPort++
    const url = new URL(`${scheme}://127.0.0.1:${nextPort}`)
    if (!(await answers(url))) return url
  }
}
