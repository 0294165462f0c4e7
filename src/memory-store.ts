import { callable } from './callable'
import { Cookie, type CookieData, expiryOf } from './cookie'
import { provideDirect } from './direct'
import { RecentIds } from './recent-ids'
import { ShardedMap } from './sharded-map'
import { takeSnapshot } from './snapshot'
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
  /** The JSON of the session without its cookie. */
  snapshot: string
  /** Undefined where what was stored had none. */
  cookie: CookieData | undefined
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
    const entry = getNow.call(this, sid)
    process.nextTick(callback, null, entry && read(entry))
  }

  override set(sid: string, session: SessionData, callback?: Callback): void {
    setNow.call(this, sid, session, takeSnapshot(session))
    if (callback) process.nextTick(callback)
  }

  override touch(sid: string, session: SessionData, callback?: Callback): void {
    touchNow.call(this, sid, session)
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

  expiryOf(cookie: unknown): number {
    const expiry = expiryOf(cookie) ?? Date.now() + this.ttl
    return Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry
  }
}

function getNow(this: MemoryStore, sid: string): Entry | undefined {
  const entry = this.find(sid)
  if (entry) this.recent?.use(sid)
  return entry
}

function setNow(this: MemoryStore, sid: string, session: { cookie: unknown }, snapshot: string): void {
  const cookie = session?.cookie
  this.entries.set(sid, { snapshot, cookie: copyCookie(cookie), expiry: this.expiryOf(cookie) })
  this.recent?.use(sid)
  if (this.entries.size > this.max) this.drop(this.recent?.takeOldest() as string)
  this.sweeper.start()
}

function touchNow(this: MemoryStore, sid: string, { cookie }: { cookie: unknown }): void {
  const entry = this.find(sid)
  if (!entry) return
  entry.cookie = copyCookie(cookie)
  entry.expiry = this.expiryOf(cookie)
  this.recent?.use(sid)
}

provideDirect(MemoryStore.prototype, 'get', getNow)
provideDirect(MemoryStore.prototype, 'set', setNow)
provideDirect(MemoryStore.prototype, 'touch', touchNow)

function read({ snapshot, cookie }: Entry): SessionData {
  const data = JSON.parse(snapshot)
  return cookie ? { cookie: JSON.parse(JSON.stringify(cookie)), ...data } : data
}

/** A copy of what JSON leaves of a cookie. */
function copyCookie(cookie: unknown): CookieData | undefined {
  if (!(cookie instanceof Cookie)) return cookie ? JSON.parse(JSON.stringify(cookie)) : undefined
  // But for its Date the values of ours are flat.
  const { data } = cookie
  if (data.expires instanceof Date) data.expires = new Date(data.expires)
  return data
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
