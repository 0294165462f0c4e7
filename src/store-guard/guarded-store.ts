import type { Cookie } from '../cookie/cookie'
import { expiryOf } from '../cookie/cookie-data'
import { RecentMap } from '../recent-map'
import type { Done, GetDone, SessionData, StoreLike } from '../types'
import { touchMovesExpiryOnly } from './abilities'
import { callStore } from './call-store'
import { syncMethodOf } from './sync-methods'

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

/** How many destroyed ids are remembered at least: many more than there are requests in flight. */
const REMEMBERED_IDS = 10_000

/** The callback of `load`. */
export type LoadDone = (err?: unknown, record?: SessionData | null, snapshot?: string) => void

/**
 * A store as the middleware calls it. Each call is answered exactly once, and an id that was destroyed through it is not
 * written again by a request that is still in flight.
 */
export class GuardedStore {
  /** False between the store's 'disconnect' and 'connect' events. */
  isConnected = true
  private readonly destroyedIds = new RecentMap<true>(REMEMBERED_IDS)
  private generate: StoreLike['generate']

  constructor(readonly store: StoreLike) {
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

  isDestroyed(sid: string): boolean {
    return this.destroyedIds.has(sid)
  }

  markDestroyed(sid: string): void {
    this.destroyedIds.set(sid, true)
  }

  /** For an id that is given to a new session, and for a destroy that failed. */
  unmarkDestroyed(sid: string): void {
    this.destroyedIds.delete(sid)
  }

  /** Answers with no record if there is none, if it has expired, and if the id was destroyed meanwhile. */
  get(sid: string, callback: GetDone): void {
    callStore(this.store, 'get', [sid], (err, record) => {
      if (err) return callback(err)
      let isAlive: boolean
      try {
        isAlive = Boolean(record) && !this.isDestroyed(sid) && !this.isExpired(record as SessionData)
      } catch (fault) {
        // The getters of a store's record may throw.
        return callback(fault)
      }
      if (isAlive) callback(undefined, record as SessionData)
      else callback()
    })
  }

  /**
   * The same, synchronously if the store can. Then the record has only its cookie, and `snapshot` is the JSON of the
   * rest.
   */
  load(sid: string, callback: LoadDone): void {
    const getSync = syncMethodOf(this.store, 'get')
    if (!getSync) return this.get(sid, callback)
    const found = this.isDestroyed(sid) ? undefined : getSync.call(this.store, sid)
    if (found) callback(undefined, { cookie: found.cookie as Cookie }, found.snapshot)
    else callback()
  }

  set(sid: string, session: SessionData, callback: Done): void {
    this.write('set', sid, session, callback)
  }

  touch(sid: string, session: SessionData, callback: Done): void {
    this.write('touch', sid, session, callback)
  }

  /** Writes synchronously; returns false if the store cannot. */
  setSync(sid: string, cookie: unknown, snapshot: string): boolean {
    const setSync = syncMethodOf(this.store, 'set')
    setSync?.call(this.store, sid, cookie, snapshot)
    return setSync !== undefined
  }

  /** Touches synchronously; returns false if the store cannot. */
  touchSync(sid: string, cookie: unknown): boolean {
    const touchSync = syncMethodOf(this.store, 'touch')
    touchSync?.call(this.store, sid, cookie)
    return touchSync !== undefined
  }

  /** Removes the record, and refuses all later writes for its id. */
  destroy(sid: string, callback: Done): void {
    this.ending(sid, callback, (done) => callStore(this.store, 'destroy', [sid], done))
  }

  /** Calls the store's own `regenerate`. The old id counts as destroyed at once. */
  regenerate(req: { sessionID?: unknown }, callback: Done): void {
    this.ending(req.sessionID as string, callback, (done) => callStore(this.store, 'regenerate', [req], done))
  }

  /** The id counts as destroyed while the store works, and afterwards unless the store failed. */
  private ending(sid: string, callback: Done, work: (done: Done) => void): void {
    const wasDestroyed = this.isDestroyed(sid)
    this.markDestroyed(sid)
    work((err) => {
      if (err && !wasDestroyed) this.unmarkDestroyed(sid)
      callback(err)
    })
  }

  private isExpired(record: SessionData): boolean {
    const expiry = expiryOf(record.cookie)
    return expiry !== undefined && expiry <= Date.now() && !touchMovesExpiryOnly(this.store, record)
  }

  private write(name: 'set' | 'touch', sid: string, session: SessionData, callback: Done): void {
    if (this.isDestroyed(sid)) return queueMicrotask(callback)
    callStore(this.store, name, [sid, session], (err) => {
      if (!this.isDestroyed(sid)) return callback(err)
      // The id was destroyed during this write, and the store may have done the write last.
      callStore(this.store, 'destroy', [sid], (fault) => callback(err ?? fault))
    })
  }
}
