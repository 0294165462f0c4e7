import { withPlainCookie } from '../cookie/record-cookie'
import type { Limits } from '../policy/lifetime'
import type { Answer, Done, GetDone, Outcome, OutcomeDone, SessionData, StoreLike } from '../types'
import { callStore, isMissing } from './call-store'
import { Comparison, readOutcome } from './comparison'
import { endedBy } from './ended-by'
import { endId, writeUnlessEnded } from './ended-ids'
import type { IdState } from './id-state'
import { IdStates } from './id-states'
import { RecordExpiry } from './record-expiry'
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

/**
 * The same for a store that removes the record later: called when it begins. Returns the function to call with its answer,
 * or nothing if no request uses the id. The id counts as destroyed meanwhile, and afterwards unless the store failed.
 */
export function noteRemoval(store: StoreLike, sid: string): Done | undefined {
  const ids = guardedStores.get(store)?.ids
  const state = ids?.find(sid)
  if (!ids || !state) return undefined
  state.destroys++
  return (err) => {
    state.destroys--
    if (!err) state.isEnded = true
    ids.settle(state)
  }
}

/** Returns the ids of the requests that use this store now. Some may not be in use any more. */
export function knownIds(store: StoreLike): string[] {
  return [...(guardedStores.get(store)?.ids.known() ?? [])]
}

/** Called when all records but the ones to keep were removed, or will be. */
export function noteAllRemoved(store: StoreLike, isKept: (sid: string) => boolean): void {
  guardedStores.get(store)?.ids.endAll(isKept)
}

/** Does a synchronous call of the store, and publishes it. */
export type SyncWatch = <T>(operation: string, record: unknown, call: () => T) => T

/**
 * A store as the middleware calls it. Each call is answered exactly once, and an id that was destroyed through it is not
 * written again by a request that began before. Each call takes the state that the request has of the id; without one it
 * counts as a request that begins now. `sync-calls.ts` has the short ways to a store in this process.
 */
export class GuardedStore {
  /** False between the store's 'disconnect' and 'connect' events. */
  isConnected = true
  readonly ids = new IdStates()
  readonly expiry: RecordExpiry
  readonly comparison: Comparison
  /** How long a call may take, in milliseconds: see `withTimeLimit`. Undefined if there is no limit. */
  readonly timeLimit: number | undefined
  /** The writes of `saveMode: 'merge'` and `updateSession`, which must not overlap. */
  readonly turns = new Turns()
  /** The calls of `updateSession` that another one was faster than. They only order these, so they do not wait long. */
  readonly retries = new Turns(1000)
  /** Sees the synchronous calls of the store. Undefined unless the calls are watched. */
  readonly watch: SyncWatch | undefined
  private generate: StoreLike['generate']

  constructor(readonly store: StoreLike) {
    this.expiry = new RecordExpiry(store)
    this.comparison = new Comparison(store)
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

  get generatesByDefault(): boolean {
    return this.store.generate === this.generate
  }

  /**
   * Calls a method of the store, and the callback with its answer. Where calls have a time limit (`withTimeLimit`), the
   * answer is a `StoreTimeout` after that limit. With `wantsLate` the callback is called again with the answer that comes
   * after it.
   */
  call(name: keyof StoreLike, args: unknown[], callback: Answer, _wantsLate?: boolean): void {
    callStore(this.store, name, args, callback)
  }

  /**
   * Returns this guarded store for one request, whose records `store` knows. They share the states of the ids, so that a
   * session that one request has destroyed is not written by another one.
   */
  viewOf(store: StoreLike): GuardedStore {
    const view = Object.create(this)
    view.store = store
    return view
  }

  /**
   * Answers with no record if there is none, if it has expired, and if the id was destroyed meanwhile. With `limits`, a
   * record that has expired is destroyed.
   */
  get(sid: string, callback: GetDone, state = this.ids.join(sid), limits?: Limits): void {
    this.call('get', [sid], (err, found) => {
      if (err) return callback(err)
      if (!found || state.isDestroyed) return callback()
      let record: SessionData
      let isExpired: boolean
      try {
        record = withPlainCookie(found as SessionData)
        isExpired = this.expiry.isOver(record, limits)
      } catch (fault) {
        // The getters of a store's record may throw.
        return callback(fault)
      }
      if (isExpired) state.endedBy = endedBy(record.cookie, limits)
      if (!isExpired) callback(undefined, record)
      else if (limits) this.destroyExpired(sid, callback, state)
      else callback()
    })
  }

  set(sid: string, session: SessionData, callback: Done, state = this.ids.join(sid)): void {
    this.write('set', sid, session, callback, state)
  }

  touch(sid: string, session: SessionData, callback: Done, state = this.ids.join(sid)): void {
    this.write('touch', sid, session, callback, state)
  }

  private write(
    name: 'set' | 'touch',
    sid: string,
    session: SessionData,
    callback: Done,
    state: IdState,
  ): void {
    if (state.isDestroyed) return queueMicrotask(callback)
    writeUnlessEnded(this, sid, callback, state, (done) => this.call(name, [sid, session], done, true))
  }

  /**
   * Writes the session if the record is still the loaded one. Answers false for a destroyed id, and if the record has
   * expired. With `limits`, a record that has expired is destroyed.
   */
  compareAndSet(
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback: OutcomeDone,
    state = this.ids.join(sid),
    limits?: Limits,
  ): void {
    if (state.isDestroyed) return queueMicrotask(() => callback(undefined, false))
    let outcome: Outcome = false
    let isExpired = false
    const work = (done: Done) => {
      const onAnswer: Answer = (err, answer) => {
        if (err) return done(err)
        try {
          outcome = readOutcome(answer)
          isExpired = typeof outcome === 'object' && this.expiry.isOver(outcome, limits)
        } catch (fault) {
          return done(fault)
        }
        done()
      }
      this.call('compareAndSet', [sid, session, loaded], onAnswer, true)
    }
    const finish: Done = (err) => {
      if (err) return callback(err)
      if (state.isDestroyed || (isExpired && !limits)) callback(undefined, false)
      else if (isExpired) this.destroyExpired(sid, (fault) => callback(fault, false), state)
      else callback(undefined, outcome)
    }
    writeUnlessEnded(this, sid, finish, state, work)
  }

  /** Removes the record, and refuses later writes of the requests that began before. */
  destroy(sid: string, callback: Done, state = this.ids.join(sid)): void {
    endId(this, 'destroy', sid, sid, callback, state)
  }

  /** Removes a record that has expired. */
  destroyExpired(sid: string, callback: Done, state: IdState): void {
    this.destroy(sid, (err) => callback(isMissing(err) ? undefined : err), state)
  }

  /** Calls the store's own `regenerate`. The old id counts as destroyed at once. */
  regenerate(req: { sessionID?: unknown }, callback: Done, state?: IdState): void {
    endId(this, 'regenerate', req, req.sessionID as string, callback, state)
  }
}
