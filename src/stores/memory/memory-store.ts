import { show } from '../../diagnostics/show'
import { reportOn } from '../../diagnostics/store-reports'
import type { Version } from '../../policy/version'
import { takeSnapshot } from '../../session/snapshot'
import { pairWithSet } from '../../store-guard/abilities'
import { noteAllRemoved, noteRemoved } from '../../store-guard/guarded-store'
import { defineSyncMethod, type SyncRecord } from '../../store-guard/sync-methods'
import type { FoundSession, SessionData, UserOf } from '../../types'
import { callable } from '../callable'
import { Store } from '../store'
import {
  type Bounds,
  type MemoryRecord,
  MemoryRecords,
  putSession,
  readCookie,
  readExpired,
  readRecord,
  versionOf,
} from './memory-records'
import { viewRecords } from './memory-view'

/** The options of `MemoryStore`. */
export interface MemoryStoreOptions {
  /** How many sessions are kept. One more removes the least recently used one. Default: Infinity. */
  max?: number | undefined
  /** Milliseconds between two sweeps that remove expired sessions; 0 means no sweeps. Default: 60000. */
  checkPeriod?: number | undefined
  /** Milliseconds after which a session without an expiry is removed, from its last save or touch. Default: Infinity. */
  ttl?: number | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: callers annotate the error as they like, as in @types/express-session.
type StoreError = any

type Callback<T> = (err: StoreError, value?: T) => void
type Done = (err?: StoreError) => void

type EmitterOptions = NonNullable<ConstructorParameters<typeof Store>[0]>

const RECORDS = Symbol('records')

/** A symbol property, so that a subclass may use any name. Made here for a subclass that skips the constructor. */
function recordsOf(store: object): MemoryRecords {
  const holder = store as { [RECORDS]?: MemoryRecords }
  holder[RECORDS] ??= new MemoryRecords(resolveBounds(store, {}))
  return holder[RECORDS]
}

/**
 * Keeps sessions in the memory of this process: they are lost when it ends, and other processes cannot read them. Expired
 * sessions are removed; `max` limits how many there are.
 */
class MemoryStore extends Store {
  /** An option with an invalid value is ignored with a warning: express-session's MemoryStore has no options. */
  constructor(options?: MemoryStoreOptions & EmitterOptions) {
    super()
    Object.assign(this, { [RECORDS]: new MemoryRecords(resolveBounds(this, options ?? {})) })
  }

  /** @internal The sessions as an object: JSON by session id. Assigning and deleting properties changes the store. */
  get sessions(): { [sid: string]: string } {
    return viewRecords(recordsOf(this), (sid) => noteRemoved(this as never, sid))
  }

  /** @internal */
  set sessions(sessions: { [sid: string]: string }) {
    const kept = { ...sessions }
    recordsOf(this).clear()
    noteAllRemoved(this as never, (sid) => Object.hasOwn(kept, sid))
    Object.assign(this.sessions, kept)
  }

  override get(sid: string, callback: Callback<SessionData | null>): void {
    const record = recordsOf(this).use(sid)
    process.nextTick(callback, null, record && giveRecord(this, record))
  }

  override set(sid: string, session: SessionData, callback?: Done): void {
    putSession(recordsOf(this), sid, session)
    if (callback) process.nextTick(callback)
  }

  override touch(sid: string, session: SessionData, callback?: Done): void {
    if (session) recordsOf(this).touch(sid, session.cookie)
    if (callback) process.nextTick(callback)
  }

  override compareAndSet(
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback?: Callback<boolean | SessionData>,
  ): void {
    const snapshot = takeSnapshot(session)
    const known = loaded && (versionsOf(this).get(loaded) ?? UNKNOWN)
    const outcome = recordsOf(this).putIfSame(sid, snapshot, session.cookie, known)
    const written = outcome === true && recordsOf(this).find(sid)
    if (written) versionsOf(this).set(session, versionOf(written))
    const answer = typeof outcome === 'object' ? giveRecord(this, outcome) : outcome
    if (callback) process.nextTick(callback, null, answer)
  }

  override destroy(sid: string, callback?: Done): void {
    recordsOf(this).drop(sid)
    noteRemoved(this as never, sid)
    if (callback) process.nextTick(callback)
  }

  override clear(callback?: Done): void {
    recordsOf(this).clear()
    noteAllRemoved(this as never, () => false)
    if (callback) process.nextTick(callback)
  }

  override all(callback: Callback<{ [sid: string]: SessionData } | null>): void {
    const sessions: { [sid: string]: SessionData } = Object.create(null)
    for (const [sid, record] of recordsOf(this).live()) sessions[sid] = readRecord(record)
    if (callback) process.nextTick(callback, null, sessions)
  }

  override length(callback: Callback<number>): void {
    let count = 0
    for (const _ of recordsOf(this).live()) count++
    process.nextTick(callback, null, count)
  }

  /** The index of users is built at the first `findByUser`. Calling this again replaces it. */
  override index(userOf: UserOf): void {
    recordsOf(this).index(userOf)
  }

  override findByUser(user: string, callback: Callback<FoundSession[]>): void {
    let found: FoundSession[]
    try {
      found = recordsOf(this)
        .findByUser(user)
        .map(([id, record]) => ({ ...readRecord(record), id }))
    } catch (err) {
      return process.nextTick(callback, err)
    }
    process.nextTick(callback, null, found)
  }

  /** Stops the sweeps until a session is saved again. Rarely needed: their timer does not keep the process alive. */
  close(callback?: Done): void {
    recordsOf(this).stopSweeping()
    if (callback) process.nextTick(callback)
  }
}

pairWithSet(MemoryStore.prototype.compareAndSet, MemoryStore.prototype.set)

defineSyncMethod(MemoryStore.prototype, 'get', function (this: MemoryStore, sid) {
  const records = recordsOf(this)
  const record = records.use(sid)
  if (record) return syncRecordOf(record)
  return records.expired && readExpired(records.expired)
})
defineSyncMethod(MemoryStore.prototype, 'set', function (this: MemoryStore, sid, cookie, snapshot) {
  recordsOf(this).put(sid, snapshot, cookie)
})
defineSyncMethod(MemoryStore.prototype, 'touch', function (this: MemoryStore, sid, cookie) {
  recordsOf(this).touch(sid, cookie)
})
defineSyncMethod(
  MemoryStore.prototype,
  'compareAndSet',
  function (this: MemoryStore, sid, cookie, snapshot, loaded) {
    const outcome = recordsOf(this).putIfSame(sid, snapshot, cookie, loaded)
    return typeof outcome === 'boolean' ? outcome : syncRecordOf(outcome)
  },
)

function syncRecordOf(record: MemoryRecord): SyncRecord {
  return { cookie: readCookie(record), snapshot: record.snapshot, startedAt: record.startedAt }
}

/** The versions of the objects that `get` and `compareAndSet` have given, or that `compareAndSet` has written. */
const versions = new WeakMap<object, WeakMap<object, Version>>()

/** The version of an object that the store has never given: no record is equal to it. */
const UNKNOWN: Version = { snapshot: '', lifetime: undefined }

function versionsOf(store: object): WeakMap<object, Version> {
  let known = versions.get(store)
  if (!known) {
    known = new WeakMap()
    versions.set(store, known)
  }
  return known
}

/** Returns the record as an object that `compareAndSet` knows. */
function giveRecord(store: object, record: MemoryRecord): SessionData {
  const data = readRecord(record)
  // express-session's MemoryStore stores any JSON.
  if (typeof data === 'object') versionsOf(store).set(data, versionOf(record))
  return data
}

/** Returns the lifetime that a MemoryStore gives sessions without an expiry, in milliseconds. */
export function ttlOf(store: MemoryStore): number {
  return recordsOf(store).bounds.ttl
}

function resolveBounds(store: object, { max, checkPeriod, ttl }: MemoryStoreOptions): Bounds {
  return {
    max: checkBound(store, 'max', max, 1, Number.POSITIVE_INFINITY),
    checkPeriod: checkBound(store, 'checkPeriod', checkPeriod, 0, 60_000),
    ttl: checkBound(store, 'ttl', ttl, 1, Number.POSITIVE_INFINITY),
  }
}

function checkBound(store: object, name: string, value: unknown, least: number, byDefault: number): number {
  if (value === undefined || value === null) return byDefault
  if (typeof value === 'number' && value >= least) return value
  reportOn(
    store,
    'SESSIONWARE_MEMORY_STORE',
    `MemoryStore's ${name} option must be a number from ${least} up, not ${show(value)}: ${byDefault} is used`,
    { option: name, value },
  )
  return byDefault
}

const CallableMemoryStore = callable(MemoryStore)
type CallableMemoryStore = MemoryStore

export { CallableMemoryStore as MemoryStore, MemoryStore as MemoryStoreClass }
