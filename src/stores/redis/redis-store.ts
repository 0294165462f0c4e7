import { pairWithSet } from '../../store-guard/abilities'
import { noteAllRemoved, noteRemoval } from '../../store-guard/guarded-store'
import type { FoundSession, Outcome, SessionData, UserOf } from '../../types'
import { Store } from '../store'
import { clearAll, countAll, readAll } from './all-records'
import type { RedisStoreClient } from './client'
import { watchConnection } from './connection'
import { Records, readRecord } from './records'
import { type RedisStoreOptions, reportShortTtl, resolveRedisOptions } from './redis-store-options'

// biome-ignore lint/suspicious/noExplicitAny: callers annotate the error as they like, as in @types/express-session.
type StoreError = any

type Done = (err?: StoreError) => void
type Callback<T> = (err: StoreError, value?: T) => void

const RECORDS = Symbol('records')

/** A symbol property, so that a subclass may use any name. */
function recordsOf(store: object): Records {
  return (store as { [RECORDS]: Records })[RECORDS]
}

/**
 * Keeps sessions in Redis, where all processes find them: `new RedisStore({ client })`. It reads and writes the records of
 * connect-redis. A method without a callback returns a promise. Emits 'disconnect' when the client has lost its connection,
 * and 'connect' when it has one again.
 */
export class RedisStore extends Store {
  declare readonly client: RedisStoreClient
  declare readonly prefix: string
  /** In milliseconds. */
  declare readonly ttl: number

  /** Throws a TypeError for a wrong option, with the remedy. */
  constructor(options: RedisStoreOptions) {
    super()
    const resolved = resolveRedisOptions(options)
    const records = new Records(resolved)
    reportShortTtl(this, resolved.ttl)
    Object.assign(this, resolved)
    // Not enumerable, so that a logged store shows its options only.
    Object.defineProperty(this, RECORDS, { value: records })
    watchConnection(this, resolved.client, records.commands)
  }

  override get(sid: string, callback: Callback<SessionData | null>): void
  override get(sid: string): Promise<SessionData | null>
  override get(sid: string, callback?: Callback<SessionData | null>): unknown {
    return answer(recordsOf(this).fetch(sid), callback, readRecord)
  }

  override set(sid: string, session: SessionData, callback: Done): void
  override set(sid: string, session: SessionData): Promise<void>
  override set(sid: string, session: SessionData, callback?: Done): unknown {
    return answer(recordsOf(this).set(sid, session), callback)
  }

  override touch(sid: string, session: SessionData, callback: Done): void
  override touch(sid: string, session: SessionData): Promise<void>
  override touch(sid: string, session: SessionData, callback?: Done): unknown {
    return answer(recordsOf(this).touch(sid, session), callback)
  }

  override destroy(sid: string, callback: Done): void
  override destroy(sid: string): Promise<void>
  override destroy(sid: string, callback?: Done): unknown {
    const finish = noteRemoval(this as never, sid)
    const removed = recordsOf(this).destroy(sid)
    if (finish) removed.then(() => finish(), finish)
    return answer(removed, callback)
  }

  override compareAndSet(
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback: Callback<Outcome>,
  ): void
  override compareAndSet(sid: string, session: SessionData, loaded: SessionData | undefined): Promise<Outcome>
  override compareAndSet(
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback?: Callback<Outcome>,
  ): unknown {
    const records = recordsOf(this)
    return answer(loaded ? records.replace(sid, session, loaded) : records.create(sid, session), callback)
  }

  /** Answers with all sessions, each with its `id`. Scans all keys of the servers. */
  override all(callback: Callback<FoundSession[]>): void
  override all(): Promise<FoundSession[]>
  override all(callback?: Callback<FoundSession[]>): unknown {
    return answer(readAll(recordsOf(this)), callback)
  }

  /** Answers with the number of sessions. Scans all keys of the servers. */
  override length(callback: Callback<number>): void
  override length(): Promise<number>
  override length(callback?: Callback<number>): unknown {
    return answer(countAll(recordsOf(this)), callback)
  }

  /** Removes all sessions. Scans all keys of the servers. */
  override clear(callback: Done): void
  override clear(): Promise<void>
  override clear(callback?: Done): unknown {
    // Before the scan, since a session that is made during it may stay.
    noteAllRemoved(this as never, () => false)
    return answer(clearAll(recordsOf(this)), callback)
  }

  override index(userOf: UserOf): void {
    recordsOf(this).index(userOf)
  }

  override findByUser(user: string, callback: Callback<FoundSession[]>): void
  override findByUser(user: string): Promise<FoundSession[]>
  override findByUser(user: string, callback?: Callback<FoundSession[]>): unknown {
    return answer(recordsOf(this).findByUser(user), callback)
  }
}

pairWithSet(RedisStore.prototype.compareAndSet, RedisStore.prototype.set)

/**
 * Calls back with the result or, without a callback, returns the promise. Its rejection is not reported as unhandled.
 * `read` makes the result of a reply: here, since each further promise costs every request.
 */
function answer<R, T = R>(
  reply: Promise<R>,
  callback: Callback<T> | undefined,
  read?: (reply: R) => T,
): Promise<T> | undefined {
  if (typeof callback === 'function') {
    reply.then(
      (value) => deliver(value, callback, read),
      (err) => callback(explain(err)),
    )
    return undefined
  }
  const result = reply.then(
    (value) => (read ? read(value) : (value as unknown as T)),
    (err) => {
      throw explain(err)
    },
  )
  result.catch(() => {})
  return result
}

/** An error of the callback must not count as one of `read`. */
function deliver<R, T>(reply: R, callback: Callback<T>, read: ((reply: R) => T) | undefined): void {
  let value: T
  try {
    value = read ? read(reply) : (reply as unknown as T)
  } catch (err) {
    return callback(err)
  }
  callback(null, value)
}

/** The error of a client of node-redis that was never connected says only that it is closed. */
function explain(err: unknown): unknown {
  if ((err as Error | undefined)?.constructor?.name !== 'ClientClosedError') return err
  return new Error(
    'the client of RedisStore is not connected: call client.connect() when the process starts',
    {
      cause: err,
    },
  )
}
