import type { Cookie, CookieOptions } from '../cookie/cookie'
import type { SignedId } from '../cookie/cookie-codec'
import { restoreCookie } from '../cookie/restore-cookie'
import type { Action, Facts } from '../policy/decide'
import type { GuardedStore } from '../store-guard/guarded-store'
import { IdState } from '../store-guard/id-state'
import { type LoadDone, load } from '../store-guard/sync-calls'
import type { Done, SessionCookie, SessionData } from '../types'
import { adopt } from './adopt'
import {
  attachId,
  attachSession,
  OWNER,
  type SessionOwner,
  type SessionRequest,
  type SessionSettings,
} from './attach'
import type { Baseline } from './baseline'
import { CookieRefresh } from './cookie-refresh'
import { noteEnd } from './ended-session'
import type { Keep, KeptSession } from './keep'
import { makeKept, takeOver } from './kept-session'
import { reloadedBaseline } from './make-baseline'
import { createSyncOf, makeEmpty, makeLoaded } from './make-session'
import type { PromiseWatch } from './promise-watch'
import { startSession } from './regenerate'
import { countReplacements } from './replaced-ids'
import { RequestLifetime } from './request-lifetime'
import { Session, touchesByDefault } from './session'
import { takeSnapshot } from './snapshot'
import { Tracker } from './tracker'

/** An id whose session could not be loaded. */
export interface Miss {
  readonly id: string
  /** The limit that it has reached. Undefined if the store has no record. */
  readonly endedBy: string | undefined
  /** The store's error. */
  readonly error?: unknown
}

/** What was decided at the end of a request. */
export interface Ending {
  /** The facts that the store's update was decided by, and the update. Undefined until then. */
  readonly facts: Facts | undefined
  readonly action: Action | undefined
  /** The facts that the cookie was decided by. Undefined if there was nothing to decide. */
  readonly cookieFacts: Facts | undefined
  /** The Set-Cookie value of the session. */
  readonly cookie: string | undefined
  /** An error was passed to `next`, so nothing more is stored or sent. */
  readonly hasFailed: boolean
  /** Returns whether a response with these facts sets the cookie. */
  mustSetCookie(facts: Facts): boolean
  /** Returns whether a response with these facts deletes the cookie. */
  mustClearCookie(facts: Facts | undefined): boolean
}

/**
 * The session of one request. It starts with `load` (a session from the store) or `start` (a new one). The Session
 * object is made when a handler first reads it, and may be replaced.
 */
export class RequestSession implements SessionOwner {
  readonly tracker: Tracker
  readonly lifetime: RequestLifetime | undefined
  isPending = false
  isReadOnly = false
  session: unknown
  idState: IdState | undefined
  lazyState: IdState | undefined
  /** The JSON of the session's data as it was loaded, or as it was when it was last compared. */
  snapshot: string | undefined
  /** The cookie that the session started with. */
  ownCookie: Cookie | undefined
  record: SessionData | undefined
  baseline: Baseline | undefined
  head: SessionOwner['head'] = 'open'

  /** Undefined if `refreshCookie` is off. */
  readonly cookieRefresh: CookieRefresh | undefined
  /** This request has ended the session that it had loaded. */
  hasEnded = false
  /** The state of the last session that this request has destroyed. */
  destroyedState: IdState | undefined
  /** `req.session` is the accessor that reads `session`; else it is an ordinary property. */
  isAttached = false
  private ownId: unknown
  /** The record that the request's first session was loaded from. It stays after `regenerate`. */
  private loadedRecord: SessionData | undefined
  hasStarted = false
  promises: PromiseWatch | undefined
  /** The ids that the browser sent in vain, and why. */
  misses: Miss[] | undefined
  /** How many cookies this process had replaced when the request began. */
  readonly replacementsBefore = countReplacements()
  /** How the request ends. Undefined before the middleware holds the response. */
  ending: Ending | undefined
  private reservedId: unknown = NONE
  private isTouched = false

  constructor(
    readonly settings: SessionSettings,
    readonly store: GuardedStore,
    readonly req: SessionRequest,
    readonly cookieOptions: CookieOptions,
  ) {
    this.tracker = new Tracker(settings.resave)
    this.lifetime = settings.limits && new RequestLifetime(settings.limits, store.expiry)
    this.cookieRefresh = settings.configuredFor && new CookieRefresh(this)
  }

  /** Sets the id that the browser sent. */
  identify(sentId: SignedId): void {
    this.tracker.sentId = sentId
    this.req.sessionID = sentId.id
  }

  /** Reads the record of this id from the store. */
  fetch(id: string, callback: LoadDone): void {
    const { store, settings } = this
    const state = store.ids.join(id)
    this.idState = state
    if (createSyncOf(this)) load(store, id, callback, state, settings.limits)
    else store.get(id, callback, state, settings.limits)
  }

  /** Called when the session of this id could not be loaded. */
  noteMiss(id: string, error?: unknown): void {
    this.misses ??= []
    this.misses.push({ id, endedBy: this.idState?.endedBy, error })
  }

  /** Starts with a session from the store. Throws if the record is invalid. */
  load(record: SessionData, snapshot: string | undefined, startedAt?: number): void {
    this.ownCookie = restoreCookie(record.cookie)
    this.lifetime?.load(record, startedAt)
    this.lifetime?.showBrowserExpiry(this.ownCookie)
    this.record = this.loadedRecord = record
    this.cookieRefresh?.refresh(this.ownCookie)
    this.snapshot = snapshot
    this.tracker.isStored = true
    this.isAttached = attachSession(this.req)
    this.isPending = true
    if (!createSyncOf(this) || !this.isAttached) this.make()
    this.hasStarted = true
  }

  /** Starts with a new session. If no function of the application takes part, it is made at the first read. */
  start(done: Done): void {
    const { req, settings, store } = this
    // The id that the browser sent is not the new session's.
    this.idState = undefined
    this.isAttached = attachSession(req)
    const isLazy = settings.isLazy && store.generatesByDefault && this.isAttached
    if (!isLazy || !attachId(req)) return startSession(this, done)
    this.isPending = this.hasStarted = true
    done()
  }

  make(): void {
    this.isPending = false
    if (this.record) makeLoaded(this, this.record)
    // Not assigned to `req.session`: an application that deleted it and reads `req.sessionID` must not get it back.
    else this.session = this.makeWithoutId()
  }

  /** Makes a new session whose id is drawn when it is first needed: most new sessions are neither stored nor sent. */
  private makeWithoutId(): Session {
    const state = new IdState(() => this.settings.generateId(this.req) as string)
    this.ownId = this.idState = this.lazyState = state
    return this.makeNew(state)
  }

  get sessionID(): unknown {
    if (this.isIdPending) this.ownId = this.idState?.sid
    return this.ownId
  }

  set sessionID(id: unknown) {
    this.ownId = id
  }

  /** The id of the session is not drawn yet. */
  get isIdPending(): boolean {
    return this.ownId instanceof IdState
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
    const id = this.nextId()
    this.reservedId = NONE
    this.record = undefined
    this.req.sessionID = id
    this.idState = new IdState(id as string)
    this.req.session = this.makeNew(id)
  }

  private makeNew(id: unknown): Session {
    const session = makeEmpty(this, id)
    this.ownCookie = session.cookie
    this.lifetime?.begin()
    this.tracker.startNew(session, '{}')
    return session
  }

  makeKept(id: unknown, from: unknown, keep: Keep): KeptSession {
    return makeKept(this, id, from, keep)
  }

  takeOver(kept: KeptSession): void {
    takeOver(this, kept)
  }

  noteReload(record: SessionData): void {
    const session = this.req.session as Session
    this.tracker.noteReload(session)
    // An update that runs compares with it, too.
    if (this.settings.merges || this.baseline) this.baseline = reloadedBaseline(this, session, record)
  }

  noteDestroy(state: IdState): void {
    // It may be the session of another middleware of this request.
    if (state === this.idState) noteEnd(this, state)
    this.destroyedState = state
  }

  /** The session must be saved though it has not changed, since its record lacks the marks of the timeouts. */
  get lacksMarks(): boolean {
    return this.lifetime?.lacksMarks === true && !this.tracker.hasSaved
  }

  /** The cookie of the record that the session was loaded from, as the browser has it. */
  get sentCookie(): Cookie | undefined {
    return this.loadedRecord && restoreCookie(this.loadedRecord.cookie)
  }

  /** There is a session, and a handler may have read it. */
  get isRead(): boolean {
    return this.hasStarted && !this.isPending
  }

  /** The session's cookie, without making a session that is pending. */
  get cookie(): SessionCookie {
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

  /**
   * Whether there is a session to commit: not before one has started, not in a read-only request, and not if another
   * middleware replaced it.
   */
  get isInCharge(): boolean {
    return this.hasStarted && !this.isReadOnly && this.req[OWNER] === this
  }

  /** Whether the session was loaded from the store. */
  get isLoaded(): boolean {
    return this.loadedRecord !== undefined
  }

  /** Takes the snapshot of the value of `req.session`, and returns it as a Session. */
  refresh(value: unknown): Session {
    const session = adopt(this, value)
    this.snapshot = takeSnapshot(session)
    return session
  }
}

const NONE = Symbol('no id')
