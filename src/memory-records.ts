import { Cookie, type CookieData } from './cookie'
import { RecentIds } from './recent-ids'
import { ShardedMap } from './sharded-map'
import { expiryOf } from './stored-cookie'
import { Sweeper } from './sweeper'
import type { SessionData } from './types'

/** A session as it is kept: what JSON leaves of it, so that nobody's live object is shared. */
export interface MemoryRecord {
  /** The JSON of the session without its cookie. */
  snapshot: string
  /** Undefined where what was stored had none. */
  cookie: CookieData | undefined
  /** Milliseconds since the epoch; Infinity where the session does not expire. */
  expiry: number
}

/** Total: each bound has a value. Milliseconds but for `max`. */
export interface Bounds {
  max: number
  ttl: number
  checkPeriod: number
}

/** The records of a `MemoryStore`: what has expired is not found and is swept away, and `max` bounds the rest. */
export class MemoryRecords {
  private readonly records = new ShardedMap<MemoryRecord>()
  private readonly recent: RecentIds | undefined
  private readonly sweeper: Sweeper<[sid: string, record: MemoryRecord]>

  constructor(private readonly bounds: Bounds) {
    this.recent = bounds.max === Number.POSITIVE_INFINITY ? undefined : new RecentIds()
    const dropExpired = ([sid, record]: [string, MemoryRecord]) => isOver(record) && this.drop(sid)
    this.sweeper = new Sweeper(this.records, dropExpired, bounds.checkPeriod)
  }

  /** The record of this id. */
  find(sid: string): MemoryRecord | undefined {
    const record = this.records.get(sid)
    if (!record || !isOver(record)) return record
    this.drop(sid)
    return undefined
  }

  /** The same, and it counts as a use. */
  use(sid: string): MemoryRecord | undefined {
    const record = this.find(sid)
    if (record) this.recent?.use(sid)
    return record
  }

  put(sid: string, snapshot: string, cookie: unknown): void {
    this.records.set(sid, { snapshot, cookie: copyCookie(cookie), expiry: this.expiryOf(cookie) })
    this.recent?.use(sid)
    if (this.records.size > this.bounds.max) this.drop(this.recent?.takeOldest() as string)
    this.sweeper.start()
  }

  touch(sid: string, cookie: unknown): void {
    const record = this.use(sid)
    if (!record) return
    record.cookie = copyCookie(cookie)
    record.expiry = this.expiryOf(cookie)
  }

  drop(sid: string): void {
    this.records.delete(sid)
    this.recent?.delete(sid)
    if (this.records.size === 0) this.sweeper.stop()
  }

  clear(): void {
    this.records.clear()
    this.recent?.clear()
    this.sweeper.stop()
  }

  /** Sweeps no more, until something is put. */
  rest(): void {
    this.sweeper.stop()
  }

  /** All that have not expired. */
  *live(): Generator<[sid: string, record: MemoryRecord]> {
    for (const entry of this.records) if (!isOver(entry[1])) yield entry
  }

  private expiryOf(cookie: unknown): number {
    const expiry = expiryOf(cookie) ?? Date.now() + this.bounds.ttl
    return Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry
  }
}

/** The session as JSON would give it back. */
export function readRecord({ snapshot, cookie }: MemoryRecord): SessionData {
  const data = JSON.parse(snapshot)
  return cookie ? { cookie: JSON.parse(JSON.stringify(cookie)), ...data } : data
}

function isOver({ expiry }: MemoryRecord): boolean {
  return expiry <= Date.now()
}

/** A copy of what JSON leaves of a cookie. */
function copyCookie(cookie: unknown): CookieData | undefined {
  if (!(cookie instanceof Cookie)) return cookie ? JSON.parse(JSON.stringify(cookie)) : undefined
  // But for its Date the values of ours are flat.
  const { data } = cookie
  if (data.expires instanceof Date) data.expires = new Date(data.expires)
  return data
}
