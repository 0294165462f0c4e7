import type { Cookie, CookieOptions } from '../cookie/cookie'
import type { SignedId } from '../cookie/id-codec'
import { makeCookie } from '../cookie/make-cookie'
import { restoreCookie } from '../cookie/restore-cookie'
import type { GuardedStore, LoadDone } from '../store-guard/guarded-store'
import { IdState } from '../store-guard/id-state'
import { syncMethodOf } from '../store-guard/sync-methods'
import type { Done, SessionData } from '../types'
import { adopt } from './adopt'
import {
  attachId,
  attachSession,
  OWNER,
  peekSession,
  type SessionOwner,
  type SessionRequest,
  type SessionSettings,
  UNREAD,
} from './attach'
import { startSession } from './regenerate'
import { assignData, createByStore, Session, touchesByDefault } from './session'
import { takeSnapshot } from './snapshot'
import { Tracker } from './tracker'
import { stateFor } from './write-record'

/**
 * The session of one request. It starts with `load` (a session from the store) or `start` (a new one). The Session
 * object is made when a handler first reads it, and may be replaced.
 */
export class RequestSession implements SessionOwner {
  readonly tracker: Tracker
  isPending = false
  session: unknown
  sessionID: unknown
  idState: IdState | undefined
  /** The JSON of the session's data as it was loaded, or as it was when it was last compared. */
  snapshot: string | undefined
  /** The cookie that the session started with. */
  ownCookie: Cookie | undefined

  private hasStarted = false
  /** The record that the session was loaded from. */
  private record: SessionData | undefined
  private reservedId: unknown = NONE
  private isTouched = false
  /** The state of the last session that this request has destroyed. */
  private destroyedState: IdState | undefined

  constructor(
    readonly settings: SessionSettings,
    readonly store: GuardedStore,
    readonly req: SessionRequest,
    private readonly cookieOptions: CookieOptions,
  ) {
    this.tracker = new Tracker(settings.resave)
  }

  /** Sets the id that the browser sent. */
  identify(sentId: SignedId): void {
    this.tracker.sentId = sentId
    this.req.sessionID = sentId.id
  }

  /** Reads the record of this id from the store. */
  fetch(id: string, callback: LoadDone): void {
    this.idState = this.store.ids.join(id)
    if (this.createSync) this.store.load(id, callback, this.idState)
    else this.store.get(id, callback, this.idState)
  }

  /** Starts with a session from the store. Throws if the record is invalid. */
  load(record: SessionData, snapshot: string | undefined): void {
    this.ownCookie = restoreCookie(record.cookie)
    this.record = record
    this.snapshot = snapshot
    this.tracker.isStored = true
    attachSession(this.req)
    this.isPending = true
    if (!this.createSync) this.make()
    this.hasStarted = true
  }

  /** Starts with a new session. If no function of the application takes part, it is made at the first read. */
  start(done: Done): void {
    const { req, settings, store } = this
    // The id that the browser sent is not the new session's.
    this.idState = undefined
    attachSession(req)
    if (!settings.isLazy || !store.generatesByDefault) return startSession(this, done)
    this.isPending = this.hasStarted = true
    attachId(req)
    done()
  }

  make(): void {
    // An application that deleted `req.session` and now reads `req.sessionID` must not get the session back.
    const isThere = peekSession(this.req) === UNREAD
    this.isPending = false
    if (this.record) this.makeLoaded(this.record)
    else this.generate()
    if (!isThere) delete this.req.session
  }

  /** Makes the session of a record, whose data may still be in the snapshot. */
  private makeLoaded(record: SessionData): void {
    const { req, tracker } = this
    const id = tracker.sentId?.id
    const session = (this.createSync?.(req, record, this.ownCookie, id) ??
      createByStore(req, record, id)) as Session
    const isComplete = this.snapshot !== undefined && assignData(session, JSON.parse(this.snapshot))
    if (!isComplete) this.snapshot = takeSnapshot(session)
    tracker.startLoaded(session, this.snapshot as string)
  }

  reserveId(id: unknown): void {
    this.reservedId = id
  }

  nextId(): unknown {
    if (this.reservedId === NONE) this.reservedId = this.settings.generateId(this.req)
    return this.reservedId
  }

  generate(): void {
    this.isPending = false
    this.hasStarted = true
    const { req, settings } = this
    const id = this.nextId()
    this.reservedId = NONE
    req.sessionID = id
    this.idState = new IdState(id as string)
    const session = new Session(req)
    session.cookie = this.ownCookie = makeCookie(this.cookieOptions, req, settings.proxy)
    req.session = session
    this.tracker.startNew(session, '{}')
  }

  noteDestroy(state: IdState): void {
    this.destroyedState = state
  }

  /** Whether the id of the session was destroyed. `session` is undefined if it is not made yet. */
  isDestroyed(session: Session | undefined): boolean {
    const state = session ? stateFor(session, this) : this.idState
    return state?.isDestroyed ?? false
  }

  /** The session's cookie, without making a session that is pending. */
  get cookie(): Cookie {
    return this.isPending ? (this.ownCookie as Cookie) : (this.req.session as Session).cookie
  }

  /** Starts the session's lifetime again, once a request, so that the cookie and the record agree. */
  touch(): void {
    if (this.isTouched) return
    const { cookie } = this
    if (this.isPending && touchesByDefault(Session.prototype)) cookie.maxAge = cookie.originalMaxAge
    else (this.req.session as Session).touch()
    this.isTouched = true
  }

  /** Whether there is a session to commit: not before one has started, and not if another middleware replaced it. */
  get isInCharge(): boolean {
    return this.hasStarted && this.req[OWNER] === this
  }

  /** Whether the session was loaded from the store. */
  get isLoaded(): boolean {
    return this.record !== undefined
  }

  /** Takes the snapshot of the value of `req.session`, and returns it as a Session. */
  refresh(value: unknown): Session {
    const session = adopt(this, value)
    this.snapshot = takeSnapshot(session)
    return session
  }

  /** This request has destroyed its session. What the application assigns afterwards gets a new id. */
  get hasDestroyed(): boolean {
    const { destroyedState, idState } = this
    return destroyedState !== undefined && destroyedState === idState && idState.isDestroyed
  }

  /** The store makes sessions like the Store class does, so its `createSession` need not be called. */
  private get createSync() {
    return syncMethodOf(this.store.store, 'createSession')
  }
}

const NONE = Symbol('no id')
