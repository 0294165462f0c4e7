import { callable } from './callable'
import { Cookie, expiryOf } from './cookie'
import { RecentIds } from './recent-ids'
import { ShardedMap } from './sharded-map'
import { passingSnapshot, takeSnapshot } from './snapshot'
import { Store } from './store'
import { Sweeper } from './sweeper'
import type { SessionData } from './types'

/** The bounds of a `MemoryStore`. */
export interface MemoryStoreOptions {
  /** How many sessions are kept; where one more comes, the least recently used leaves. Default: Infinity. */
  max?: number | undefined
  /** Milliseconds between two sweeps for expired sessions; 0 means no sweeps. Default: 60000. */
  checkPeriod?: number | undefined
  /** Milliseconds after its last save or touch that a session without an expiry leaves. Default: Infinity. */
  ttl?: number | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: callers annotate the error as they like, as in @types/express-session.
type Callback<T = void> = (err?: any, value?: T) => void

/** A session as it is kept: what JSON leaves of it, so that nobody's live object is shared. */
interface Entry {
  /** The session without its cookie. */
  data: string
  /** Undefined where what was stored had no cookie. */
  cookie: object | undefined
  /** Milliseconds since the epoch; Infinity where the session does not expire. */
  expiry: number
}

/**
 * Keeps sessions in the memory of this process: they end with it, and no other process sees them. What has expired
 * is swept away; `max` bounds the rest.
 */
class MemoryStore extends Store {
  readonly max: number
  readonly ttl: number
  /** What is kept, by session id. */
  readonly entries = new ShardedMap<Entry>()
  /** In the order of their use, where there is a `max`. */
  readonly recent: RecentIds | undefined
  readonly sweeper: Sweeper<[sid: string, entry: Entry]>

  constructor(options: MemoryStoreOptions = {}) {
    super()
    this.max = bound(options, 'max', 1, Number.POSITIVE_INFINITY)
    this.ttl = bound(options, 'ttl', 1, Number.POSITIVE_INFINITY)
    this.recent = this.max === Number.POSITIVE_INFINITY ? undefined : new RecentIds()
    this.sweeper = new Sweeper(
      this.entries,
      ([sid, { expiry }]) => expiry <= Date.now() && this.drop(sid),
      bound(options, 'checkPeriod', 0, 60_000),
    )
  }

  /** What is kept as JSON by session id, for those who look into it; changing it changes nothing. */
  get sessions(): { [sid: string]: string } {
    const sessions: { [sid: string]: string } = Object.create(null)
    for (const [sid, entry] of this.entries) sessions[sid] = JSON.stringify(read(entry))
    return sessions
  }

  override get(sid: string, callback: Callback<SessionData>): void {
    const entry = this.find(sid)
    const answer = callback as (err: unknown, record?: SessionData, snapshot?: string) => void
    if (!entry) return process.nextTick(answer, null)
    this.recent?.use(sid)
    process.nextTick(answer, null, read(entry), entry.data)
  }

  override set(sid: string, session: SessionData, callback?: Callback, snapshot?: string): void {
    const data = snapshot ?? takeSnapshot(session)
    this.entries.set(sid, { data, cookie: flatten(session?.cookie), expiry: this.expiryOf(session) })
    this.recent?.use(sid)
    if (this.entries.size > this.max) this.drop(this.recent?.oldest as string)
    this.sweeper.start()
    if (callback) process.nextTick(callback)
  }

  override touch(sid: string, session: SessionData, callback?: Callback): void {
    const entry = this.find(sid)
    if (entry) {
      entry.cookie = flatten(session.cookie)
      entry.expiry = this.expiryOf(session)
      this.recent?.use(sid)
    }
    if (callback) process.nextTick(callback)
  }

  override destroy(sid: string, callback?: Callback): void {
    this.drop(sid)
    if (callback) process.nextTick(callback)
  }

  override clear(callback?: Callback): void {
    this.entries.clear()
    this.recent?.clear()
    this.sweeper.stop()
    if (callback) process.nextTick(callback)
  }

  override all(callback: Callback<{ [sid: string]: SessionData }>): void {
    const sessions: { [sid: string]: SessionData } = Object.create(null)
    for (const [sid, entry] of this.entries) {
      if (entry.expiry > Date.now()) sessions[sid] = read(entry)
    }
    if (callback) process.nextTick(callback, null, sessions)
  }

  override length(callback: Callback<number>): void {
    let count = 0
    for (const [, { expiry }] of this.entries) if (expiry > Date.now()) count++
    process.nextTick(callback, null, count)
  }

  /** Stops the sweeps, until something is saved again. The timer keeps no process alive, so few need this. */
  close(callback?: Callback): void {
    this.sweeper.stop()
    if (callback) process.nextTick(callback)
  }

  /** The entry of this id, unless it expired. */
  find(sid: string): Entry | undefined {
    const entry = this.entries.get(sid)
    if (!entry || entry.expiry > Date.now()) return entry
    this.drop(sid)
    return undefined
  }

  drop(sid: string): void {
    this.entries.delete(sid)
    this.recent?.delete(sid)
    if (this.entries.size === 0) this.sweeper.stop()
  }

  expiryOf(session: SessionData): number {
    const expiry = expiryOf(session?.cookie) ?? Date.now() + this.ttl
    return Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry
  }
}
passingSnapshot(MemoryStore.prototype.get)
passingSnapshot(MemoryStore.prototype.set)

function read({ data, cookie }: Entry): SessionData {
  return cookie ? { cookie: { ...cookie }, ...JSON.parse(data) } : JSON.parse(data)
}

/** What JSON leaves of a cookie. */
function flatten(cookie: unknown): object | undefined {
  if (!(cookie instanceof Cookie)) return cookie ? JSON.parse(JSON.stringify(cookie)) : undefined
  const flat: Record<string, unknown> = {}
  // A cookie's values are flat, but for its Date: a loop does it in a fraction of the time.
  for (const [name, value] of Object.entries(cookie.data)) {
    if (value !== undefined) flat[name] = value instanceof Date ? value.toJSON() : value
  }
  return flat
}

function bound(
  options: MemoryStoreOptions,
  name: keyof MemoryStoreOptions,
  least: number,
  byDefault: number,
): number {
  const value = options[name] ?? byDefault
  if (typeof value === 'number' && value >= least) return value
  throw new TypeError(`MemoryStore's ${name} option must be a number from ${least} up, not ${String(value)}`)
}

const CallableMemoryStore = callable(MemoryStore)
type CallableMemoryStore = MemoryStore

export { CallableMemoryStore as MemoryStore }
