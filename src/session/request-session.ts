import type { Cookie, CookieOptions } from '../cookie/cookie'
import type { SignedId } from '../cookie/id-codec'
import { makeCookie, restoreCookie } from '../cookie/make-cookie'
import type { Settings } from '../options/resolve-options'
import { hasOwnRegenerate } from '../store-guard/abilities'
import type { LoadDone, StoreClient } from '../store-guard/guarded-store'
import { Store } from '../stores/store'
import type { Done, SessionData } from '../types'
import { attachId, attachSession, peekSession, type SessionRequest, UNSEEN } from './attach'
import { withNewId } from './regenerate'
import { assignData, createByStore, createSession, Session } from './session'
import { takeSnapshot } from './snapshot'
import { Tracker } from './tracker'

const { createSession: createByDefault } = Store.prototype

const NONE = Symbol('no id')

/**
 * The session of one request. It begins by `start` (a new one) or by `load` (one from the store), is made when somebody
 * looks at it, and may be replaced.
 */
export class LazySession {
  readonly tracker: Tracker
  isPending = false
  session: unknown
  sessionID: unknown
  /** The session's JSON when it was loaded, or when somebody last took it. */
  snapshot: string | undefined

  protected hasBegun = false
  /** What the store gave. */
  protected record: SessionData | undefined
  /** The cookie that the session began with. */
  protected ownCookie: Cookie | undefined
  /** What the next session is to be called, where that is known: `genid` may have given anything. */
  private nextId: unknown = NONE
  /**
   * Sessions that were replaced before they were stored. No array literal: V8 comes to allocate that one as old, and
   * then all that a request leaves behind lives until the next full collection.
   */
  private left: Set<unknown> | undefined

  constructor(
    readonly settings: Settings,
    readonly client: StoreClient,
    readonly req: SessionRequest,
    private readonly cookieOptions: CookieOptions,
  ) {
    this.tracker = new Tracker(settings.resave)
  }

  /** This is the id that the browser sent. */
  identify(sent: SignedId): void {
    this.tracker.sent = sent
    this.req.sessionID = sent.id
  }

  /** Asks the store for the record of this id. */
  fetch(id: string, callback: LoadDone): void {
    if (this.createsByDefault) this.client.load(id, callback)
    else this.client.get(id, callback)
  }

  /** Gives the request the session of this record, whose data may still be in the snapshot. Throws if it is none. */
  load(record: SessionData, snapshot: string | undefined): void {
    this.ownCookie = restoreCookie(record.cookie)
    this.record = record
    this.snapshot = snapshot
    this.tracker.isStored = true
    attachSession(this.req)
    this.isPending = true
    if (!this.createsByDefault) this.make()
    this.hasBegun = true
  }

  /** Gives the request a new session; where nobody's function takes part in it, at the first look only. */
  start(done: Done): void {
    const { client, req, settings } = this
    attachSession(req)
    if (!settings.isLazy || !client.generatesByDefault) {
      return withNewId(settings, req, done, (id) => this.generateAs(id, done))
    }
    this.isPending = this.hasBegun = true
    attachId(req)
    done()
  }

  make(): void {
    // Whoever deleted it and now reads the id must not find it again.
    const isThere = peekSession(this.req) === UNSEEN
    this.isPending = false
    if (this.record) this.makeLoaded(this.record)
    else this.generate()
    if (!isThere) delete this.req.session
  }

  /** Makes the session of a record; the rest of it may wait in the snapshot, which holds if nothing is dropped. */
  private makeLoaded(record: SessionData): void {
    const { req, tracker } = this
    // An id that was assigned before the first look is not the session's.
    const { sessionID } = req
    req.sessionID = tracker.sent?.id
    const session = this.createsByDefault
      ? createSession(req, record, this.ownCookie)
      : createByStore(req, record)
    req.sessionID = sessionID
    const isExact = this.snapshot !== undefined && assignData(session, JSON.parse(this.snapshot))
    if (!isExact) this.snapshot = takeSnapshot(session)
    tracker.startLoaded(session, this.snapshot as string)
  }

  /** Gives `req` a new session with a new id. */
  generate(): void {
    this.isPending = false
    this.hasBegun = true
    const { req, settings } = this
    const id = this.nextId === NONE ? settings.generateId(req) : this.nextId
    this.nextId = NONE
    if (!settings.hasRandomIds) this.client.revive(id as string)
    req.sessionID = id
    const session = new Session(req)
    session.cookie = this.ownCookie = makeCookie(this.cookieOptions, req, settings.proxy)
    req.session = session
    this.tracker.startNew(session, '{}')
  }

  /** By way of `store.generate`, which applications wrap. */
  private generateAs(id: unknown, done: Done, err?: unknown): void {
    const { client, req, tracker } = this
    try {
      this.nextId = id
      client.store.generate?.(req as never)
      // What a wrapper put into the session is what it starts from.
      if (!client.generatesByDefault) tracker.startNew(req.session as Session)
    } catch (fault) {
      return done(fault)
    }
    done(err)
  }

  regenerate(done: Done): void {
    const { client } = this
    if (hasOwnRegenerate(client.store)) client.regenerate(this.req, done)
    else this.replace(done)
  }

  replace(done: Done): void {
    const { client, req, settings, tracker } = this
    withNewId(settings, req, done, (id) => {
      if (tracker.isStored) {
        return client.destroy(req.sessionID as string, (err) => this.generateAs(id, done, err))
      }
      // The store never saw it: there is nothing to destroy, and only this request could save it yet.
      this.left ??= new Set()
      this.left.add(peekSession(req))
      this.generateAs(id, done)
    })
  }

  maySave(session: Session): boolean {
    return !this.left?.has(session)
  }

  /** The store makes sessions as every store does, so it need not be asked. */
  private get createsByDefault(): boolean {
    return this.client.store.createSession === createByDefault
  }
}
