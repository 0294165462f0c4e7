import { Cookie } from '../../cookie/cookie'
import { type CookieData, expiryOf, isSameData, withoutDate } from '../../cookie/cookie-data'
import { type LifetimeMarks, marksOf, RecordCookie } from '../../cookie/record-cookie'
import { textOf } from '../../policy/user'
import { isSameVersion, type Version } from '../../policy/version'
import { takeSnapshot } from '../../session/snapshot'
import type { SyncRecord } from '../../store-guard/sync-methods'
import type { SessionData, UserOf } from '../../types'
import { RecentIds } from './recent-ids'
import { ShardedMap } from './sharded-map'
import { Sweeper } from './sweeper'
import { UserIndex } from './user-index'

/** A stored session. It is JSON, so that it shares no object with the application. */
export interface MemoryRecord extends LifetimeMarks {
  /** The JSON of the session without its cookie. */
  snapshot: string
  /** The cookie's data without its Date, shared by records with equal cookies. Undefined if there was no cookie. */
  attributes: CookieData | undefined
  /** Milliseconds since the epoch; Infinity if the session does not expire. */
  expiry: number
  /** The cookie has a Date, and it is `expiry`. A Date object would take as much memory as the rest of the record. */
  isDated: boolean
  /** Set by the index of users. */
  user?: string | undefined
}

/** The options with all defaults filled in: `max` is a count, the others are milliseconds. */
export interface Bounds {
  max: number
  ttl: number
  checkPeriod: number
}

/** The records of a `MemoryStore`. Expired records are not found and are removed; `max` limits how many there are. */
export class MemoryRecords {
  private readonly records = new ShardedMap<MemoryRecord>()
  private readonly recent: RecentIds | undefined
  /** The attributes of the last cookie. */
  private attributes: CookieData | undefined
  /** The same without `configured`, as `Cookie.prototype.data` gives them. */
  private data: CookieData | undefined
  /** The record that the last `find` has not returned because it has expired. */
  expired: MemoryRecord | undefined
  private readonly sweeper: Sweeper<[sid: string, record: MemoryRecord]>
  private userOf: UserOf | undefined
  /** Made at the first search for the sessions of a user. */
  private users: UserIndex<MemoryRecord> | undefined

  constructor(readonly bounds: Bounds) {
    this.recent = bounds.max === Number.POSITIVE_INFINITY ? undefined : new RecentIds()
    const dropExpired = ([sid, record]: [string, MemoryRecord]) => isExpired(record) && this.drop(sid)
    this.sweeper = new Sweeper(this.records, dropExpired, bounds.checkPeriod)
  }

  /** Returns the record of this id. */
  find(sid: string): MemoryRecord | undefined {
    const record = this.records.get(sid)
    if (record && !isExpired(record)) return record
    if (record) this.drop(sid)
    this.expired = record
    return undefined
  }

  /** The same, and counts it as a use. */
  use(sid: string): MemoryRecord | undefined {
    const record = this.find(sid)
    if (record) this.recent?.use(sid)
    return record
  }

  put(sid: string, snapshot: string, cookie: unknown): void {
    const record: MemoryRecord = { snapshot, attributes: undefined, expiry: 0, isDated: false }
    this.keepCookie(record, cookie)
    this.users?.notePut(sid, this.records.get(sid))
    this.records.set(sid, record)
    this.recent?.use(sid)
    if (this.records.size > this.bounds.max) this.drop(this.recent?.takeOldest() as string)
    this.sweeper.start()
  }

  /** Puts the session if the record is still the loaded version. Returns the record if it is another one. */
  putIfSame(
    sid: string,
    snapshot: string,
    cookie: unknown,
    loaded: Version | undefined,
  ): boolean | MemoryRecord {
    const record = this.use(sid)
    if (record && !(loaded && isSameVersion(versionOf(record), loaded))) return record
    if (!record && loaded) return false
    this.put(sid, snapshot, cookie)
    return true
  }

  touch(sid: string, cookie: unknown): void {
    const record = this.use(sid)
    if (record) this.keepCookie(record, cookie)
  }

  drop(sid: string): void {
    this.users?.noteDrop(sid, this.records.get(sid))
    this.records.delete(sid)
    this.recent?.delete(sid)
    if (this.records.size === 0) this.sweeper.stop()
  }

  clear(): void {
    this.users?.clear()
    this.records.clear()
    this.recent?.clear()
    this.sweeper.stop()
  }

  /** Sets the function that `findByUser` needs. */
  index(userOf: UserOf): void {
    this.userOf = userOf
    this.users = undefined
  }

  /** Returns the records of this user that have not expired, by id. Throws if there is no function, or if it throws. */
  findByUser(user: string): [sid: string, record: MemoryRecord][] {
    const { userOf } = this
    if (!userOf) throw new TypeError('MemoryStore.findByUser needs a call of index(userOf) before')
    if (!this.users) {
      this.users = new UserIndex(
        (sid) => this.find(sid),
        (record) => userIn(record, userOf),
      )
      for (const [sid] of this.live()) this.users.notePut(sid)
    }
    return this.users.find(user)
  }

  /** Stops the sweeps until a record is put. */
  stopSweeping(): void {
    this.sweeper.stop()
  }

  /** Iterates over the records that have not expired. */
  *live(): Generator<[sid: string, record: MemoryRecord]> {
    for (const entry of this.records) if (!isExpired(entry[1])) yield entry
  }

  private keepCookie(record: MemoryRecord, cookie: unknown): void {
    const expiry = expiryOf(cookie) ?? Date.now() + this.bounds.ttl
    const isKnown = !Number.isNaN(expiry)
    record.expiry = isKnown ? expiry : Number.POSITIVE_INFINITY
    record.isDated = isKnown && cookie instanceof Cookie && cookie.expires instanceof Date
    record.attributes = cookie instanceof Cookie ? this.shareAttributes(cookie) : copyOf(cookie)
    if (cookie instanceof RecordCookie) keepMarks(record, cookie)
  }

  private shareAttributes({ configured, data }: Cookie): CookieData {
    const own = withoutDate(data)
    const { attributes } = this
    if (!attributes || configured !== attributes.configured || !isSameData(own, this.data as CookieData)) {
      this.data = own
      this.attributes = configured ? { ...own, configured } : own
    }
    return this.attributes as CookieData
  }
}

/** Puts a session. A value without JSON, like undefined, leaves no record, as in express-session. */
export function putSession(
  records: MemoryRecords,
  sid: string,
  session: SessionData | null | undefined,
): void {
  const snapshot: string | undefined = session ? takeSnapshot(session) : JSON.stringify(session)
  if (snapshot === undefined || snapshot === 'null') records.drop(sid)
  else records.put(sid, snapshot, session?.cookie)
}

/** Returns what is compared of a record: all but its expiry. */
export function versionOf({ snapshot, attributes }: MemoryRecord): Version {
  return { snapshot, lifetime: attributes?.originalMaxAge }
}

/** Returns the session as `JSON.parse` gives it. */
export function readRecord(record: MemoryRecord): SessionData {
  const data = JSON.parse(record.snapshot)
  const { startedAt, lastWrite } = record
  const cookie = readCookie(record)
  if (!cookie) return data
  const hasMarks = startedAt !== undefined || lastWrite !== undefined
  const whole = hasMarks ? { ...cookie, startedAt, lastWrite } : cookie
  return { cookie: JSON.parse(JSON.stringify(whole)), ...data }
}

function userIn(record: MemoryRecord, userOf: UserOf): string | undefined {
  const data: unknown = readRecord(record)
  // express-session's MemoryStore stores any JSON.
  return typeof data === 'object' ? textOf(userOf(data as SessionData)) : undefined
}

/** Returns the cookie's data. Other records may share the object, so it must not be changed. */
export function readCookie({ attributes, expiry, isDated }: MemoryRecord): CookieData | undefined {
  return attributes && isDated ? { ...attributes, expires: new Date(expiry) } : attributes
}

/** Returns what the middleware gets of a record that has expired and was removed. */
export function readExpired({ attributes, startedAt }: MemoryRecord): SyncRecord {
  return { cookie: attributes, snapshot: '{}', startedAt, isExpired: true }
}

/** Beside the attributes, so that records share these. */
function keepMarks(record: MemoryRecord, cookie: RecordCookie): void {
  const marks = marksOf(cookie)
  if (marks.startedAt !== undefined) record.startedAt = marks.startedAt
  if (marks.lastWrite !== undefined) record.lastWrite = marks.lastWrite
}

function isExpired({ expiry }: MemoryRecord): boolean {
  return expiry <= Date.now()
}

function copyOf(cookie: unknown): CookieData | undefined {
  return cookie ? JSON.parse(JSON.stringify(cookie)) : undefined
}
