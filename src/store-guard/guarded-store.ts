import type { Cookie } from '../cookie/cookie'
import { expiryOf } from '../cookie/cookie-data'
import { Generations } from '../recent-map'
import type { SessionRequest } from '../session/attach'
import type { Done, GetDone, SessionData, StoreLike } from '../types'
import { askStore } from './call-store'
import { directOf } from './sync-methods'

/** How many destroyed ids are remembered at least: requests in flight, which might bring one back, are far fewer. */
const ENOUGH_DEAD = 10_000

const clients = new WeakMap<StoreLike, StoreClient>()

/** The one client of a store, for every middleware and every session that uses it. */
export function clientOf(store: StoreLike): StoreClient {
  let client = clients.get(store)
  if (!client) {
    client = new StoreClient(store)
    clients.set(store, client)
  }
  return client
}

/** Ends a `load`. */
export type LoadDone = (err?: unknown, record?: SessionData | null, snapshot?: string) => void

/**
 * Talks to any store. Each call is answered exactly once, whatever the store does; and an id that was destroyed
 * here stays destroyed, whatever is still in flight.
 */
export class StoreClient {
  /** False between the store's 'disconnect' and 'connect' events. */
  isReady = true
  private readonly dead = new Generations<true>(ENOUGH_DEAD)
  private generate: StoreLike['generate']

  constructor(readonly store: StoreLike) {
    store.on?.('disconnect', () => {
      this.isReady = false
    })
    store.on?.('connect', () => {
      this.isReady = true
    })
  }

  /** Asked anew each time, since some stores get their methods late. */
  get canTouch(): boolean {
    return typeof this.store.touch === 'function'
  }

  /** Gives the store the function that makes a request's session; some applications wrap it. */
  provideGenerate(generate: (req: SessionRequest) => void): void {
    this.generate = generate as StoreLike['generate']
    this.store.generate = this.generate
  }

  get generatesByDefault(): boolean {
    return this.store.generate === this.generate
  }

  isDead(sid: string): boolean {
    return this.dead.has(sid)
  }

  /** From now on nothing is written for this id. */
  bury(sid: string): void {
    this.dead.set(sid, true)
  }

  /** An id that is generated anew may live, even if one of that name was destroyed before. */
  revive(sid: string): void {
    this.dead.delete(sid)
  }

  /** Answers without a record where there is none, where it is over, and where its id was destroyed meanwhile. */
  get(sid: string, callback: GetDone): void {
    askStore(this.store, 'get', [sid], (err, record) => {
      if (err) return callback(err)
      let isLive: boolean
      try {
        isLive = Boolean(record) && !this.isDead(sid) && !this.isExpired(record as SessionData)
      } catch (fault) {
        // A store may give a record whose getters throw.
        return callback(fault)
      }
      if (isLive) callback(undefined, record as SessionData)
      else callback()
    })
  }

  /** `get` at once where the store can: then the record has the cookie only, and the data is in the snapshot. */
  load(sid: string, callback: LoadDone): void {
    const direct = directOf(this.store, 'get')
    if (!direct) return this.get(sid, callback)
    const found = this.isDead(sid) ? undefined : direct.call(this.store, sid)
    if (found) callback(undefined, { cookie: found.cookie as Cookie }, found.snapshot)
    else callback()
  }

  set(sid: string, session: SessionData, callback: Done): void {
    this.write('set', sid, session, callback)
  }

  touch(sid: string, session: SessionData, callback: Done): void {
    this.write('touch', sid, session, callback)
  }

  /** `set` at once; false where the store cannot. */
  setNow(sid: string, session: SessionData, snapshot: string): boolean {
    const direct = directOf(this.store, 'set')
    direct?.call(this.store, sid, session, snapshot)
    return direct !== undefined
  }

  /** `touch` at once; false where the store cannot. */
  touchNow(sid: string, session: SessionData): boolean {
    const direct = directOf(this.store, 'touch')
    direct?.call(this.store, sid, session)
    return direct !== undefined
  }

  /** Removes the record; nothing brings it back. */
  destroy(sid: string, callback: Done): void {
    this.burying(sid, callback, (done) => askStore(this.store, 'destroy', [sid], done))
  }

  /** Lets the store do it, where it has a way of its own; the old id is dead at once. */
  regenerate(req: { sessionID?: unknown }, callback: Done): void {
    this.burying(req.sessionID as string, callback, (done) => askStore(this.store, 'regenerate', [req], done))
  }

  /** The id is dead while the store is busy, and stays so unless that failed. */
  private burying(sid: string, callback: Done, work: (done: Done) => void): void {
    const wasDead = this.isDead(sid)
    this.bury(sid)
    work((err) => {
      if (err && !wasDead) this.revive(sid)
      callback(err)
    })
  }

  private isExpired(record: SessionData): boolean {
    const expiry = expiryOf(record.cookie)
    return expiry !== undefined && expiry <= Date.now() && !this.mayHaveMoved(record)
  }

  /** Many stores' `touch` moves an expiry of their own and leaves the record as it is; ours moves the record's. */
  private mayHaveMoved({ cookie }: SessionData): boolean {
    return this.canTouch && !directOf(this.store, 'touch') && typeof cookie.originalMaxAge === 'number'
  }

  private write(name: 'set' | 'touch', sid: string, session: SessionData, callback: Done): void {
    if (this.isDead(sid)) return queueMicrotask(callback)
    askStore(this.store, name, [sid, session], (err) => {
      if (!this.isDead(sid)) return callback(err)
      // The id died while the store was writing, and the write may have come last.
      askStore(this.store, 'destroy', [sid], (fault) => callback(err ?? fault))
    })
  }
}
