import { type Cookie, type CookieOptions, reviveCookie } from './cookie'
import { makeCookie } from './cookie-options'
import type { Facts } from './decide'
import { isThenable } from './once'
import type { Settings } from './options'
import {
  attachId,
  attachSession,
  peekSession,
  type SessionOwner,
  type SessionRequest,
  UNSEEN,
} from './request'
import { assignData, inflate, Session } from './session'
import { takeSnapshot } from './snapshot'
import { Store } from './store'
import type { StoreClient } from './store-client'
import { Tracker } from './tracker'
import type { Done, SessionData } from './types'

/** The session of one request: made or loaded, seen or not, replaced, and compared with what it was. */
export class RequestSession implements SessionOwner {
  readonly tracker = new Tracker()
  isSeen = true
  session: unknown
  sessionID: unknown
  /** The session's JSON when it was loaded, or when `facts` last looked at it. */
  snapshot: string | undefined

  private record: SessionData | undefined
  private cookie: Cookie | undefined
  private nextId: unknown

  constructor(
    private readonly settings: Settings,
    readonly client: StoreClient,
    private readonly req: SessionRequest,
    private readonly cookieOptions: CookieOptions,
  ) {}

  /** Gives the request a new session; where nobody's function takes part in it, at the first look only. */
  start(done: Done): void {
    const { client, req, tracker } = this
    attachSession(req, this)
    if (this.settings.isLazy && client.generatesByDefault) {
      this.isSeen = false
      attachId(req)
      return done()
    }
    this.prepareId((err) => {
      if (err) return done(err)
      try {
        client.store.generate?.(req as never)
        tracker.startNew(req.session as Session)
      } catch (fault) {
        return done(fault)
      }
      done()
    })
  }

  /** Gives the request the session of this record, whose data may still be in the snapshot. Throws if it is none. */
  load(record: SessionData, snapshot: string | undefined): void {
    this.cookie = reviveCookie(record.cookie)
    this.record = record
    this.snapshot = snapshot
    this.isSeen = false
    attachSession(this.req, this)
    if (!this.inflatesByDefault) this.look()
  }

  look(): void {
    this.isSeen = true
    if (!this.record) return this.generate()
    const session = this.inflate(this.record)
    // The rest of the record may wait in the snapshot, which still holds if nothing of it is dropped.
    const isExact = this.snapshot !== undefined && assignData(session, JSON.parse(this.snapshot))
    if (!isExact) this.snapshot = takeSnapshot(session)
    this.tracker.startLoaded(session, this.snapshot as string, this.settings.resave)
  }

  /** Gives `req` a new session with a new id. */
  generate(): void {
    this.isSeen = true
    const { req, settings } = this
    const id = this.nextId ?? settings.generateId(req)
    this.nextId = undefined
    if (!settings.hasRandomIds) this.client.revive(id as string)
    req.sessionID = id
    const session = new Session(req)
    session.cookie = this.cookie = makeCookie(this.cookieOptions, req, settings.proxy)
    req.session = session
    this.tracker.startNew(session, '{}')
  }

  regenerate(done: Done): void {
    this.prepareId((err) => {
      if (err) return done(err)
      this.leave((fault) => {
        this.client.store.generate?.(this.req as never)
        done(fault)
      })
    })
  }

  /** Ends the session under its id; of one that the store never saw it has nothing to destroy. */
  private leave(done: Done): void {
    const { client, tracker } = this
    const id = this.req.sessionID as string
    if (tracker.isStored) return client.destroy(id, done)
    client.bury(id)
    done()
  }

  saving(session: Session, snapshot = takeSnapshot(session)): void {
    this.tracker.noteSave(session, snapshot)
  }

  reloaded(): void {
    this.tracker.noteReload(this.req.session as Session)
  }

  /** The session, or of one that nobody looked at the part that a touch and a cookie need. */
  get touchable(): { cookie: Cookie } {
    return this.isSeen ? (this.req.session as Session) : { cookie: this.cookie as Cookie }
  }

  /** Once a request, so that the cookie and the record agree. */
  touch(): void {
    const { tracker, cookie } = this
    if (tracker.isTouched) return
    if (this.isSeen) (this.req.session as Session).touch()
    else if (cookie) cookie.maxAge = cookie.originalMaxAge
    tracker.isTouched = true
  }

  /** What there is to know now; undefined where nobody looked at a session that would be new. */
  facts(): Facts | undefined {
    const { req, tracker } = this
    const session = peekSession(req)
    const isUnseen = session === UNSEEN
    if (isUnseen && !this.record) return undefined
    const { sessionID } = req
    const isUnchanged = !session || isUnseen
    return {
      hasId: typeof sessionID === 'string',
      hasSession: Boolean(session),
      isKnown: sessionID === tracker.cookieId,
      isDead: this.client.isDead(sessionID as string),
      ...(isUnchanged ? tracker.unchanged(this.settings.resave) : this.compare(session)),
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
    session.cookie = isCookie ? reviveCookie(cookie) : (this.cookie as Cookie)
    this.req.session = session
    return session
  }

  private get inflatesByDefault(): boolean {
    return this.client.store.createSession === Store.prototype.createSession
  }

  private inflate(record: SessionData): Session {
    if (!this.inflatesByDefault) return inflate(this.req, record)
    const session = new Session(this.req, record)
    session.cookie = this.cookie as Cookie
    this.session = session
    return session
  }

  /** Has the next id ready, since one may take a promise and `store.generate` waits for nothing. */
  private prepareId(done: Done): void {
    const ready = (id: unknown) => {
      this.nextId = id
      done()
    }
    let id: unknown
    try {
      id = this.settings.generateId(this.req)
    } catch (err) {
      return done(err)
    }
    if (isThenable(id)) id.then(ready, (err) => done(err ?? new Error('genid rejected without an error')))
    else ready(id)
  }
}
