import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { MissingServer } from '../contract'
import { until } from '../until'
import { answers } from './reach'

/** Starts a server program of the test's own and waits until it listens at the URL. */
export async function startProcess(program: string, args: string[], url: URL): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: 'ignore' })
  await once(child, 'spawn').catch(() => {
    throw new MissingServer(`${program} is not installed`)
  })
  await until(`${program} to listen`, () => answers(url))
  return child
}

/** Ends it as a crash would, by its pid. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** The URL of a port of loopback that nobody uses. */
export async function freeUrl(scheme: string): Promise<URL> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return new URL(`${scheme}://127.0.0.1:${port}`)
}
