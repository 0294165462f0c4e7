import type { IncomingMessage, RequestListener } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import memorystore from 'memorystore'
import { clientId, createApp, createCookies } from './app'
import { createExchange, Wire } from './drive'
import { type LibraryName, loadLibrary } from './libraries'
import { median } from './measure'
import { createRecord, read, type Scenario } from './scenarios'

export type StoreName = LibraryName | 'memorystore'

export interface Expiry {
  /** Heap bytes of each session, while it is stored and some time after its expiry. */
  stored: number
  expired: number
  /** The longest time in milliseconds in which the event loop was blocked. */
  pause: number
  lengthPause: number
}

interface Store {
  set(sid: string, session: object, done: () => void): void
  length(done: () => void): void
}

const HOUR = 60 * 60 * 1000
// How long the stores may take to remove expired sessions, in milliseconds; they sweep four times in it.
const SWEEP = 10_000
const REQUESTS = 2_000
// The requests of all runs, so that none of them is collected while another run is measured.
const live: IncomingMessage[] = []
const scenario: Scenario = { name: 'read', record: createRecord(0), handle: read, floor: [] }

async function main() {
  const [what, name, count] = process.argv.slice(2) as ['request' | 'store', LibraryName, string]
  const result = what === 'request' ? await measureRequest(name) : await measureExpiry(name, Number(count))
  process.send?.(result, () => process.exit())
}

/** Returns the bytes that a request holds for its session until it is answered. */
async function measureRequest(name: LibraryName) {
  const differences = []
  for (let run = 0; run < 7; run++) differences.push(await measureRequestOnce(name))
  return median(differences)
}

async function measureRequestOnce(name: LibraryName) {
  const bare = await bytesPerRequest((reached) => reached)
  const withSession = (reached: () => void) => {
    const handle: Scenario['handle'] = (req) => req.session.user && reached()
    return createApp(loadLibrary(name), { ...scenario, handle }).listener
  }
  return (await bytesPerRequest(withSession)) - bare
}

async function bytesPerRequest(createListener: (reached: () => void) => RequestListener) {
  const cookies = createCookies(scenario)
  let before = 0
  await new Promise<void>((resolve) => {
    let left = REQUESTS
    const listener = createListener(() => --left === 0 && resolve())
    before = heapBytes()
    for (let i = 0; i < REQUESTS; i++) {
      const { req, res } = createExchange(new Wire(), cookies[i % cookies.length])
      live.push(req)
      listener(req, res)
    }
  })
  return (heapBytes() - before) / REQUESTS
}

async function measureExpiry(name: StoreName, count: number): Promise<Expiry> {
  const store = createStore(name)
  const before = heapBytes()
  fill(store, name, count)
  await sleep(1_000)
  const stored = (heapBytes() - before) / count
  await sleep(1_000)
  passTime(2 * HOUR)
  const pause = await longestPause(() => sleep(SWEEP))
  const expired = (heapBytes() - before) / count
  const lengthPause = await longestPause(() => new Promise<void>((resolve) => store.length(resolve)))
  return { stored, expired, pause, lengthPause }
}

function createStore(name: StoreName) {
  const MemoryStore =
    name === 'memorystore' ? memorystore(loadLibrary('upstream') as never) : loadLibrary(name).MemoryStore
  return new MemoryStore({ checkPeriod: SWEEP / 4 }) as unknown as Store
}

function fill(store: Store, name: StoreName, count: number) {
  const { Cookie } = loadLibrary(name === 'memorystore' ? 'upstream' : name)
  for (let i = 0; i < count; i++)
    store.set(clientId(i), { ...scenario.record, cookie: new Cookie({ maxAge: HOUR }) }, () => {})
}

/** Advances `Date.now()`; timers keep running in real time. */
function passTime(milliseconds: number) {
  const now = Date.now
  Date.now = () => now() + milliseconds
}

/**
 * Returns the longest time between two ticks, in milliseconds, limited to the CPU time of this process in it, so that
 * waiting for a CPU core does not count.
 */
async function longestPause(work: () => Promise<void>) {
  let running = true
  let longest = 0
  setImmediate(() =>
    work().finally(() => {
      running = false
    }),
  )
  while (running) {
    const started = performance.now()
    const cpu = process.cpuUsage()
    await sleep(1)
    const { user, system } = process.cpuUsage(cpu)
    longest = Math.max(longest, Math.min(performance.now() - started, (user + system) / 1000))
  }
  return longest
}

function heapBytes() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

main()
