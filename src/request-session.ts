import { isThenable } from './answer-by-return'
import type { Cookie, CookieOptions } from './cookie'
import { makeCookie } from './cookie-options'
import type { Facts } from './decide'
import type { Settings } from './options'
import {
  attachId,
  attachSession,
  peekSession,
  type SessionOwner,
  type SessionRequest,
  UNSEEN,
} from './request'
import { assignData, createSession, inflate, Session } from './session'
import { takeSnapshot } from './snapshot'
import { Store } from './store'
import type { LoadDone, StoreClient } from './store-client'
import { reviveCookie } from './stored-cookie'
import { Tracker } from './tracker'
import type { Done, SessionData } from './types'

const { touch } = Session.prototype

const NONE = Symbol('no id')

/**
 * The session of one request. It begins by `start` (a new one) or by `load` (one from the store); it is made when
 * somebody looks at it, and may be replaced; and what there is to know of it is told by `facts`.
 */
export class RequestSession implements SessionOwner {
  readonly tracker = new Tracker()
  isWaiting = false
  session: unknown
  sessionID: unknown
  /** The session's JSON when it was loaded, or when `facts` last looked at it. */
  snapshot: string | undefined

  private hasBegun = false
  private record: SessionData | undefined
  /** The cookie that the session began with. */
  private ownCookie: Cookie | undefined
  /** What the new session is to be called; `genid` may have given anything. */
  private nextId: unknown = NONE
  /**
   * Sessions that were replaced before they were stored. No array literal: V8 comes to allocate that one as old, and
   * then all that a request leaves behind lives until the next full collection.
   */
  private left: Set<unknown> | undefined

  constructor(
    private readonly settings: Settings,
    readonly client: StoreClient,
    private readonly req: SessionRequest,
    private readonly cookieOptions: CookieOptions,
  ) {}

  /** Gives the request a new session; where nobody's function takes part in it, at the first look only. */
  start(done: Done): void {
    attachSession(this.req)
    if (!this.settings.isLazy || !this.client.generatesByDefault) return this.generateByStore(done)
    this.isWaiting = this.hasBegun = true
    attachId(this.req)
    done()
  }

  /** Asks the store for the record of this id. */
  fetch(id: string, callback: LoadDone): void {
    if (this.inflatesByDefault) this.client.load(id, callback)
    else this.client.get(id, callback)
  }

  /** Gives the request the session of this record, whose data may still be in the snapshot. Throws if it is none. */
  load(record: SessionData, snapshot: string | undefined): void {
    this.ownCookie = reviveCookie(record.cookie)
    this.record = record
    this.snapshot = snapshot
    this.tracker.isStored = true
    attachSession(this.req)
    this.isWaiting = true
    if (!this.inflatesByDefault) this.look()
    this.hasBegun = true
  }

  look(): void {
    // Whoever deleted it and now reads the id must not find it again.
    const isThere = peekSession(this.req) === UNSEEN
    this.isWaiting = false
    if (this.record) this.inflate(this.record)
    else this.generate()
    if (!isThere) delete this.req.session
  }

  /** Gives `req` a new session with a new id. */
  generate(): void {
    this.isWaiting = false
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

  regenerate(done: Done): void {
    const { client } = this
    if (client.hasOwnRegenerate) client.regenerate(this.req, done)
    else this.replace(done)
  }

  replace(done: Done): void {
    const { client, req } = this
    this.generateByStore(done, (generate) => {
      if (this.tracker.isStored) return client.destroy(req.sessionID as string, generate)
      // The store never saw it: there is nothing to destroy, and only this request could save it yet.
      this.left ??= new Set()
      this.left.add(peekSession(req))
      generate()
    })
  }

  /** By way of `store.generate`, which applications wrap; what must come first waits for the new id. */
  private generateByStore(done: Done, first: (next: Done) => void = (next) => next()): void {
    const { client, req, tracker } = this
    this.withNewId(done, (id) => {
      first((err) => {
        try {
          this.nextId = id
          client.store.generate?.(req as never)
          // What a wrapper put into the session is what it starts from.
          if (!client.generatesByDefault) tracker.startNew(req.session as Session)
        } catch (fault) {
          return done(fault)
        }
        done(err)
      })
    })
  }

  /** `genid` may give a promise, and `store.generate` cannot wait. */
  private withNewId(done: Done, use: (id: unknown) => void): void {
    let id: unknown
    try {
      id = this.settings.generateId(this.req)
    } catch (err) {
      return done(err)
    }
    if (isThenable(id)) id.then(use, (err) => done(err ?? new Error('genid rejected without an error')))
    else use(id)
  }

  saving(session: Session, snapshot = takeSnapshot(session)): boolean {
    this.tracker.noteSave(session, snapshot)
    return !this.left?.has(session)
  }

  reloaded(): void {
    this.tracker.noteReload(this.req.session as Session)
  }

  /** The cookie of now. */
  get cookie(): Cookie {
    return this.isWaiting ? (this.ownCookie as Cookie) : (this.req.session as Session).cookie
  }

  /** Starts the lifetime anew, once a request, so that the cookie and the record agree. */
  touch(): void {
    const { cookie, tracker } = this
    if (tracker.isTouched) return
    if (this.isWaiting) cookie.maxAge = cookie.originalMaxAge
    else this.touchBySession(this.req.session as Session)
    tracker.isTouched = true
  }

  private touchBySession(session: Session): void {
    session.touch()
    // An application's own touch may change the data.
    if (session.touch !== touch) this.snapshot = takeSnapshot(session)
  }

  /** What there is to know now; undefined where there never was a session, or nobody looked at a new one. */
  facts(): Facts | undefined {
    const { req, tracker } = this
    const session = peekSession(req)
    const isUnseen = session === UNSEEN
    if (!this.hasBegun || (isUnseen && !this.record)) return undefined
    const { sessionID } = req
    const change = session && !isUnseen ? this.compare(session) : tracker.unchanged(this.settings.resave)
    // Spelt out: a spread would cost as much as all the rest.
    return {
      hasId: typeof sessionID === 'string',
      hasSession: Boolean(session),
      isKnown: sessionID === tracker.cookieId,
      isDead: this.client.isDead(sessionID as string),
      isModified: change.isModified,
      isLifetimeChanged: change.isLifetimeChanged,
      wasSaved: change.wasSaved,
      isSaved: change.isSaved,
      expires: change.expires,
    }
  }

  private compare(value: unknown) {
    const session = value instanceof Session ? value : this.adopt(value)
    this.snapshot = takeSnapshot(session)
    return this.tracker.compare(session, this.snapshot)
  }

  /** Makes a session of what the application put at `req.session`; without a cookie it keeps the one before. */
  private adopt(value: unknown): Session {
    if (typeof value !== 'object') throw new TypeError(`req.session must be an object, not a ${typeof value}`)
    const { cookie } = value as Partial<SessionData>
    const session = new Session(this.req, value)
    const isCookie = typeof cookie === 'object' && cookie !== null
    session.cookie = isCookie ? reviveCookie(cookie) : (this.ownCookie as Cookie)
    this.req.session = session
    return session
  }

  /** Makes the session of a record; the rest of it may wait in the snapshot, which holds if nothing is dropped. */
  private inflate(record: SessionData): void {
    const session = this.inflatesByDefault
      ? createSession(this.req, record, this.ownCookie)
      : inflate(this.req, record)
    const isExact = this.snapshot !== undefined && assignData(session, JSON.parse(this.snapshot))
    if (!isExact) this.snapshot = takeSnapshot(session)
    this.tracker.startLoaded(session, this.snapshot as string, this.settings.resave)
  }

  /** The store makes sessions as every store does, so it need not be asked. */
  private get inflatesByDefault(): boolean {
    return this.client.store.createSession === Store.prototype.createSession
  }
}
