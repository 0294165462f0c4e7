import type { Cookie } from '../cookie/cookie'
import { startOf } from '../cookie/record-cookie'
import { reportOn } from '../diagnostics/store-reports'
import { isOver, type Limits } from '../policy/lifetime'
import type { Version } from '../policy/version'
import type { Answer, Done, GetDone, Outcome, OutcomeDone, SessionData, StoreLike } from '../types'
import { callStore, isMissing } from './call-store'
import type { IdState } from './id-state'
import { IdStates } from './id-states'
import { StoreTimeout } from './layers/store-timeout'
import { RecordExpiry } from './record-expiry'
import { type SyncRecord, syncMethodOf } from './sync-methods'
import { Turns } from './turns'

/** Returns the one guarded store of a store, for all middlewares and sessions that use it. */
export function guardedStore(store: StoreLike): GuardedStore {
  let guarded = guardedStores.get(store)
  if (!guarded) {
    guarded = new GuardedStore(store)
    guardedStores.set(store, guarded)
  }
  return guarded
}

const guardedStores = new WeakMap<StoreLike, GuardedStore>()

/**
 * Called when a record was removed from the store without the middleware: by an application that calls a method of a
 * store of ours. Requests in flight do not write it again.
 */
export function noteRemoved(store: StoreLike, sid: string): void {
  guardedStores.get(store)?.ids.end(sid)
}

/** The same for all records but the ones to keep. */
export function noteAllRemoved(store: StoreLike, isKept: (sid: string) => boolean): void {
  guardedStores.get(store)?.ids.endAll(isKept)
}

/** The callback of `load`. */
export type LoadDone = (
  err?: unknown,
  record?: SessionData | null,
  snapshot?: string,
  startedAt?: number,
) => void

/**
 * A store as the middleware calls it. Each call is answered exactly once, and an id that was destroyed through it is not
 * written again by a request that began before. Each call takes the state that the request has of the id; without one it
 * counts as a request that begins now.
 */
export class GuardedStore {
  /** False between the store's 'disconnect' and 'connect' events. */
  isConnected = true
  readonly ids = new IdStates()
  readonly expiry: RecordExpiry
  /** The writes of `saveMode: 'merge'` and `updateSession`, which must not overlap. */
  readonly turns = new Turns()
  /** The calls of `updateSession` that another one was faster than. They only order these, so they do not wait long. */
  readonly retries = new Turns(1000)
  /** The store answers with copies of its records, so it cannot compare them with what it has given. */
  private givesCopies = false
  private generate: StoreLike['generate']

  constructor(readonly store: StoreLike) {
    this.expiry = new RecordExpiry(store)
    store.on?.('disconnect', () => {
      this.isConnected = false
    })
    store.on?.('connect', () => {
      this.isConnected = true
    })
  }

  /** Sets `store.generate`, which applications call and wrap. */
  provideGenerate(generate: (req: never) => void): void {
    this.generate = generate
    this.store.generate = generate
  }

  /**
   * Calls a method of the store, and the callback with its answer. Where calls have a time limit (`withTimeLimit`), the
   * answer is a `StoreTimeout` after that limit. With `wantsLate` the callback is called again with the answer that comes
   * after it.
   */
  call(name: keyof StoreLike, args: unknown[], callback: Answer, _wantsLate?: boolean): void {
    callStore(this.store, name, args, callback)
  }

  get generatesByDefault(): boolean {
    return this.store.generate === this.generate
  }

  /**
   * Answers with no record if there is none, if it has expired, and if the id was destroyed meanwhile. With `limits`, a
   * record that has expired is destroyed.
   */
  get(sid: string, callback: GetDone, state = this.ids.join(sid), limits?: Limits): void {
    this.call('get', [sid], (err, found) => {
      if (err) return callback(err)
      const record = found as SessionData | null | undefined
      if (!record || state.isDestroyed) return callback()
      let isExpired: boolean
      try {
        isExpired = this.expiry.isOver(record, limits)
      } catch (fault) {
        // The getters of a store's record may throw.
        return callback(fault)
      }
      if (!isExpired) callback(undefined, record)
      else if (limits) this.destroyExpired(sid, callback, state)
      else callback()
    })
  }

  /**
   * The same, synchronously if the store can. Then the record has only its cookie, and `snapshot` is the JSON of the
   * rest.
   */
  load(sid: string, callback: LoadDone, state = this.ids.join(sid), limits?: Limits): void {
    const getSync = syncMethodOf(this.store, 'get')
    if (!getSync) return this.get(sid, callback, state, limits)
    const found = state.isDestroyed ? undefined : getSync.call(this.store, sid)
    if (!found) return callback()
    const { cookie, snapshot, startedAt } = found
    if (limits && isOver(limits, startedAt ?? startOf(cookie), Date.now()))
      return this.destroyExpired(sid, callback, state)
    callback(undefined, { cookie: cookie as Cookie }, snapshot, startedAt)
  }

  set(sid: string, session: SessionData, callback: Done, state = this.ids.join(sid)): void {
    this.write('set', sid, session, callback, state)
  }

  touch(sid: string, session: SessionData, callback: Done, state = this.ids.join(sid)): void {
    this.write('touch', sid, session, callback, state)
  }

  /** Writes the session if the record is still the loaded one. Answers false for a destroyed id. */
  compareAndSet(
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback: OutcomeDone,
    state = this.ids.join(sid),
  ): void {
    if (state.isDestroyed) return queueMicrotask(() => callback(undefined, false))
    let outcome: unknown
    const finish: Done = (err) => {
      if (err) return callback(err)
      let isServed: boolean
      try {
        isServed = this.isServed(outcome, state)
      } catch (fault) {
        return callback(fault)
      }
      callback(undefined, isServed && (outcome as Outcome))
    }
    this.guardWrite(sid, finish, state, (done) =>
      this.call(
        'compareAndSet',
        [sid, session, loaded],
        (err, answer) => {
          outcome = answer
          done(err ?? (isOutcome(answer) ? undefined : new TypeError(NO_OUTCOME)))
        },
        true,
      ),
    )
  }

  /** The store compares records. A store without `compareAndSet` writes in any case. */
  get comparesRecords(): boolean {
    return !this.givesCopies && typeof this.store.compareAndSet === 'function'
  }

  /**
   * Called when `compareAndSet` has answered with a record. If it has just given an equal one, it did not know that
   * object: a wrapper copies records, so the store cannot compare them.
   */
  noteConflict(before: SessionData | undefined, now: SessionData | undefined): void {
    if (!before || JSON.stringify(before) !== JSON.stringify(now)) return
    this.givesCopies = true
    reportOn(
      this.store,
      'SESSIONWARE_COPIED_RECORDS',
      'the session store gives copies of the records that its compareAndSet must know, so compareAndSet is not used: a wrapper of the store must pass the same objects on',
    )
  }

  /** Calls `compareAndSet` synchronously; returns undefined if the store cannot. */
  compareAndSetSync(
    sid: string,
    cookie: unknown,
    snapshot: string,
    loaded: Version | undefined,
    state = this.ids.join(sid),
  ): boolean | SyncRecord | undefined {
    const method = syncMethodOf(this.store, 'compareAndSet')
    if (!method) return undefined
    if (state.isDestroyed) return false
    this.ids.list(sid, state)
    return method.call(this.store, sid, cookie, snapshot, loaded)
  }

  /** Writes synchronously; returns false if the store cannot. */
  setSync(sid: string, cookie: unknown, snapshot: string, state = this.ids.join(sid)): boolean {
    const setSync = syncMethodOf(this.store, 'set')
    if (!setSync) return false
    if (state.isDestroyed) return true
    this.ids.list(sid, state)
    setSync.call(this.store, sid, cookie, snapshot)
    return true
  }

  /** Touches synchronously; returns false if the store cannot. */
  touchSync(sid: string, cookie: unknown): boolean {
    const touchSync = syncMethodOf(this.store, 'touch')
    touchSync?.call(this.store, sid, cookie)
    return touchSync !== undefined
  }

  /** Removes the record, and refuses later writes of the requests that began before. */
  destroy(sid: string, callback: Done, state = this.ids.join(sid)): void {
    this.ending('destroy', sid, sid, callback, state)
  }

  /** Calls the store's own `regenerate`. The old id counts as destroyed at once. */
  regenerate(req: { sessionID?: unknown }, callback: Done, state?: IdState): void {
    this.ending('regenerate', req, req.sessionID as string, callback, state)
  }

  /**
   * The id counts as destroyed while the store works, and afterwards unless the store failed. After a timeout it stays so,
   * since the store may still remove the record.
   */
  private ending(
    name: 'destroy' | 'regenerate',
    arg: unknown,
    sid: string,
    callback: Done,
    given: IdState | undefined,
  ): void {
    const state = this.ids.list(sid, given)
    let done = callback
    state.destroys++
    const onAnswer = (err: unknown) => {
      if (err instanceof StoreTimeout) {
        state.isEnded = true
        done = ignore
        return callback(err)
      }
      state.destroys--
      if (!err) state.isEnded = true
      this.ids.settle(state)
      done(err)
    }
    this.call(name, [arg], onAnswer, true)
  }

  private destroyExpired(sid: string, callback: Done, state: IdState): void {
    this.destroy(sid, (err) => callback(isMissing(err) ? undefined : err), state)
  }

  /** Returns whether an outcome is not a record that has ended. */
  private isServed(outcome: unknown, state: IdState): boolean {
    if (state.isDestroyed) return false
    return typeof outcome !== 'object' || !this.expiry.isOver(outcome as SessionData, undefined)
  }

  private write(
    name: 'set' | 'touch',
    sid: string,
    session: SessionData,
    callback: Done,
    state: IdState,
  ): void {
    if (state.isDestroyed) return queueMicrotask(callback)
    this.guardWrite(sid, callback, state, (done) => this.call(name, [sid, session], done, true))
  }

  /** Does a write. If the id is destroyed meanwhile, the record is destroyed again. */
  private guardWrite(sid: string, callback: Done, given: IdState, work: (done: Done) => void): void {
    const state = this.ids.list(sid, given)
    let done = callback
    state.writes++
    const finish = (err: unknown) => {
      state.writes--
      this.ids.settle(state)
      done(err)
    }
    const onAnswer = (err: unknown) => {
      // The write counts as being in progress until the store answers: the id may be destroyed before that.
      if (err instanceof StoreTimeout) {
        done = ignore
        return callback(err)
      }
      // A new session may have got the id meanwhile, and its record must stay.
      if (!state.isDestroyed || this.ids.find(sid) !== state) return finish(err)
      // The id was destroyed during this write, and the store may have done the write last.
      this.destroy(sid, (fault) => finish(err ?? fault), state)
    }
    work(onAnswer)
  }
}

/** Takes the place of a callback that has been called with a timeout. */
function ignore(): void {}
function isOutcome(answer: unknown): boolean {
  return typeof answer === 'boolean' || (typeof answer === 'object' && answer !== null)
}

const NO_OUTCOME =
  "the session store's compareAndSet answered with nothing: it must be true, false or a record"
