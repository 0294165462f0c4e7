import { Cookie } from '../../cookie/cookie'
import { type CookieData, expiryOf, isSameData, withoutDate } from '../../cookie/cookie-data'
import type { SessionData } from '../../types'
import { RecentIds } from './recent-ids'
import { ShardedMap } from './sharded-map'
import { Sweeper } from './sweeper'

/** A session as it is kept: what JSON leaves of it, so that nobody's live object is shared. */
export interface MemoryRecord {
  /** The JSON of the session without its cookie. */
  snapshot: string
  /** The cookie but for its Date, and shared: most are the same. Undefined where what was stored had none. */
  attributes: CookieData | undefined
  /** Milliseconds since the epoch; Infinity where the session does not expire. */
  expiry: number
  /** The cookie's Date is the expiry. As a Date it would take as much room as all the rest. */
  isDated: boolean
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
  private attributes: CookieData | undefined
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
    const record = { snapshot, attributes: undefined, expiry: 0, isDated: false }
    this.keepCookie(record, cookie)
    this.records.set(sid, record)
    this.recent?.use(sid)
    if (this.records.size > this.bounds.max) this.drop(this.recent?.takeOldest() as string)
    this.sweeper.start()
  }

  touch(sid: string, cookie: unknown): void {
    const record = this.use(sid)
    if (record) this.keepCookie(record, cookie)
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

  private keepCookie(record: MemoryRecord, cookie: unknown): void {
    const expiry = expiryOf(cookie) ?? Date.now() + this.bounds.ttl
    const isKnown = !Number.isNaN(expiry)
    record.expiry = isKnown ? expiry : Number.POSITIVE_INFINITY
    record.isDated = isKnown && cookie instanceof Cookie && cookie.expires instanceof Date
    record.attributes = cookie instanceof Cookie ? this.shareAttributes(cookie) : copyOf(cookie)
  }

  private shareAttributes({ data }: Cookie): CookieData {
    const attributes = withoutDate(data)
    if (!this.attributes || !isSameData(attributes, this.attributes)) this.attributes = attributes
    return this.attributes
  }
}

/** The session as JSON would give it back. */
export function readRecord(record: MemoryRecord): SessionData {
  const data = JSON.parse(record.snapshot)
  const cookie = readCookie(record)
  return cookie ? { cookie: JSON.parse(JSON.stringify(cookie)), ...data } : data
}

/** The cookie; others may share it, so nobody writes to it. */
export function readCookie({ attributes, expiry, isDated }: MemoryRecord): CookieData | undefined {
  return attributes && isDated ? { ...attributes, expires: new Date(expiry) } : attributes
}

function isOver({ expiry }: MemoryRecord): boolean {
  return expiry <= Date.now()
}

function copyOf(cookie: unknown): CookieData | undefined {
  return cookie ? JSON.parse(JSON.stringify(cookie)) : undefined
}
