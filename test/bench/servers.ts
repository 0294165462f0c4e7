import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sendAll, sendAtRate, type Target } from './client'
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
  /** CPU time of the server's process per request, in microseconds. */
  cpu: number
  /** The same from /proc, which counts in ticks of 10 ms: exact only over many samples. NaN where there is no /proc. */
  procCpu: number
  /** Requests per second. */
  rate: number
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

/** Sends this many requests for one page and measures the server's CPU time. */
export async function load(server: Server, page: string, amount: number): Promise<Sample> {
  const before = await cpuOf(server.child)
  const procBefore = procCpuOf(server.child)
  const seconds = await sendAll(targetOf(server, page), amount)
  const cpu = (await cpuOf(server.child)) - before
  const procCpu = procCpuOf(server.child) - procBefore
  return { cpu: cpu / amount, procCpu: procCpu / amount, rate: amount / seconds }
}

/** Sends requests at a constant rate, and returns the p99 latency in ms. */
export async function latencyAt(server: Server, page: string, rate: number, seconds: number) {
  const latencies = await sendAtRate(targetOf(server, page), rate, seconds)
  latencies.sort((a, b) => a - b)
  return latencies[Math.floor(0.99 * latencies.length)] ?? Number.NaN
}

function targetOf({ url, cookie }: Server, page: string): Target {
  const headers: Record<string, string> = page === 'read' || page === 'write' ? { Cookie: cookie } : {}
  return { port: Number(new URL(url).port), path: `/${page}`, headers }
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

/** User and system time of the process in microseconds (proc(5), fields 14 and 15). */
function procCpuOf({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch {
    return Number.NaN
  }
}
