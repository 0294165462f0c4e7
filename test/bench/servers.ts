import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import autocannon from 'autocannon'
import type { ServerKind, StoreKind } from './http-server'

export const REDIS_URL = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'
export const REDIS_PREFIX = `bench-${process.pid}:`

export interface Server {
  kind: ServerKind
  url: string
  child: ChildProcess
  /** The Cookie header of a logged-in client. */
  cookie: string
}

export interface Sample {
  cpu: number
  rate: number
  p99: number
  requests: number
}

/** Starts an Express 5 server in a separate process, and logs in. */
export async function startServer(kind: ServerKind, store: StoreKind): Promise<Server> {
  const child = fork(join(__dirname, 'http-server.ts'), [kind, store, REDIS_URL, REDIS_PREFIX], {
    execArgv: ['--require', 'tsx/cjs'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [port] = await once(child, 'message')
  const url = `http://127.0.0.1:${port}`
  return { kind, url, child, cookie: await logIn(url) }
}

export async function stopServer({ child }: Server) {
  if (child.exitCode !== null) return
  child.disconnect()
  await once(child, 'exit')
}

/**
 * Sends requests for one page and measures the server's CPU time. Requests are pipelined, so that the server is never
 * idle: waking up for a single request costs more than the whole session.
 */
export async function load({ kind, url, child, cookie }: Server, page: string, duration: number) {
  const before = await cpuOf(child)
  const headers = page === 'read' || page === 'write' ? { cookie } : {}
  const result = await autocannon({
    url: `${url}/${page}`,
    connections: 20,
    pipelining: 10,
    duration,
    headers,
  })
  const cpu = (await cpuOf(child)) - before
  const requests = result['2xx']
  if (result.non2xx || result.errors || !requests)
    throw new Error(`${kind}/${page}: ${JSON.stringify(result)}`)
  return { cpu: cpu / requests, rate: requests / result.duration, p99: result.latency.p99, requests }
}

async function logIn(url: string) {
  const response = await fetch(`${url}/login`)
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0])
  // Without a session, a Cookie header of the same length makes the requests comparable.
  return cookies.join('; ') || `connect.sid=${'x'.repeat(90)}`
}

async function cpuOf(child: ChildProcess) {
  child.send('cpu')
  const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage]
  return user + system
}
