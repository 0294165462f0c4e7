import type { Cookie, CookieOptions } from '../cookie/cookie'
import type { SignedId } from '../cookie/id-codec'
import { isSecure } from '../cookie/incoming-request'
import { makeCookie } from '../cookie/make-cookie'
import { refreshCookie } from '../cookie/refresh-cookie'
import { restoreCookie } from '../cookie/restore-cookie'
import type { GuardedStore, LoadDone } from '../store-guard/guarded-store'
import { IdState } from '../store-guard/id-state'
import { syncMethodOf } from '../store-guard/sync-methods'
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
import { carryOver, hasData } from './carry-over'
import type { Keep, KeptSession } from './keep'
import { storedOf } from './record-calls'
import { startSession } from './regenerate'
import { RequestLifetime } from './request-lifetime'
import { assignData, createByStore, Session, touchesByDefault } from './session'
import { stateFor } from './session-state'
import { takeSnapshot } from './snapshot'
import { Tracker } from './tracker'

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

  /** The browser needs the cookie again (`refreshCookie`). */
  isOutdated = false
  /** The browser's cookie, where the new one has another path, domain or partition and does not replace it. */
  movedFrom: Cookie | undefined

  /** This request has ended the session that it had loaded. */
  hasEnded = false
  private ownId: unknown
  /** The record that the request's first session was loaded from. It stays after `regenerate`. */
  private loadedRecord: SessionData | undefined
  private hasStarted = false
  /** `req.session` is the accessor that reads `session`; else it is an ordinary property. */
  private isAttached = false
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
    this.lifetime = settings.limits && new RequestLifetime(settings.limits, store.expiry)
  }

  /** Sets the id that the browser sent. */
  identify(sentId: SignedId): void {
    this.tracker.sentId = sentId
    this.req.sessionID = sentId.id
  }

  /** Reads the record of this id from the store. */
  fetch(id: string, callback: LoadDone): void {
    this.idState = this.store.ids.join(id)
    if (this.createSync) this.store.load(id, callback, this.idState, this.settings.limits)
    else this.store.get(id, callback, this.idState, this.settings.limits)
  }

  /** Starts with a session from the store. Throws if the record is invalid. */
  load(record: SessionData, snapshot: string | undefined, startedAt?: number): void {
    this.ownCookie = restoreCookie(record.cookie)
    this.lifetime?.load(record, startedAt)
    this.lifetime?.showBrowserExpiry(this.ownCookie)
    this.record = this.loadedRecord = record
    if (this.settings.configuredFor) this.refreshCookie(this.ownCookie)
    this.snapshot = snapshot
    this.tracker.isStored = true
    this.isAttached = attachSession(this.req)
    this.isPending = true
    if (!this.createSync || !this.isAttached) this.make()
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
    if (this.record) this.makeLoaded(this.record)
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

  /** Makes the session of a record, whose data may still be in the snapshot. */
  private makeLoaded(record: SessionData): void {
    const { req, tracker } = this
    const id = tracker.sentId?.id
    const session = this.makeSync(record, id) ?? createByStore(req, record, id)
    if (this.settings.configuredFor && session.cookie !== this.ownCookie) this.refreshCookie(session.cookie)
    const isComplete = this.snapshot !== undefined && assignData(session, JSON.parse(this.snapshot))
    if (!isComplete) this.snapshot = takeSnapshot(session)
    tracker.startLoaded(session, this.snapshot as string)
  }

  /** Makes the session without the store's `createSession`, if the store has the one of the Store class. */
  private makeSync(record: SessionData, id: unknown): Session | undefined {
    const session = this.createSync?.(this.req, record, this.ownCookie, id) as Session | undefined
    if (!session) return undefined
    if (this.isAttached) this.session = session
    else this.req.session = session
    return session
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
    const session = this.makeEmpty(id)
    this.ownCookie = session.cookie
    this.lifetime?.begin()
    this.tracker.startNew(session, '{}')
    return session
  }

  private makeEmpty(id: unknown): Session {
    const { cookieOptions, req, settings } = this
    const session = new Session(req, undefined, id)
    session.cookie = makeCookie(cookieOptions, req, settings.proxy)
    if (settings.configuredFor) session.cookie.configured = settings.configuredFor(cookieOptions, req)
    return session
  }

  /** Gives a loaded cookie the attributes of today's options, unless this connection could not carry it. */
  private refreshCookie(cookie: Cookie): void {
    const { req, settings, tracker } = this
    const today = settings.configuredFor?.(this.cookieOptions, req)
    // With 'auto', a cookie that HTTPS has made secure stays so.
    const needsHttps = today?.secure || (cookie.secure && this.cookieOptions.secure === 'auto')
    if (!today || (needsHttps && !isSecure(req, settings.proxy))) return
    const result = refreshCookie(cookie, today)
    if (result !== 'same') tracker.requireSave()
    this.isOutdated ||= result !== 'same' || tracker.sentId?.isOld === true
    if (result === 'moved') this.movedFrom = this.sentCookie
  }

  makeKept(id: unknown, keep: Keep): KeptSession {
    const session = this.makeEmpty(id)
    carryOver(Object(this.req.session), session, keep)
    session.resetMaxAge()
    return {
      session,
      snapshot: takeSnapshot(session),
      mustSave: this.tracker.isStored && hasData(session),
      startedAt: this.lifetime?.startedAt,
    }
  }

  takeOver({ session: kept, snapshot, mustSave, startedAt }: KeptSession): void {
    const session = this.req.session as Session
    carryOver(kept, session, true)
    this.ownCookie = session.cookie
    this.lifetime?.keepStart(startedAt)
    if (!mustSave) return
    this.tracker.noteSave(session, snapshot)
    // The kept session had a state of its own.
    if (this.baseline) this.baseline = { ...this.baseline, state: stateFor(session, this) }
  }

  noteReload(record: SessionData): void {
    const session = this.req.session as Session
    this.tracker.noteReload(session)
    if (!this.settings.merges) return
    const stored = storedOf(record)
    this.baseline = { state: stateFor(session, this), base: stored.version, stored, isLost: false }
  }

  noteDestroy(state: IdState): void {
    this.noteEnd(state)
    this.destroyedState = state
  }

  /** Called before the record of the session is removed. A session that has ended already was not ended by this request. */
  noteEnd(state = this.idState): void {
    if (this.isLoaded && state && !state.isDestroyed) this.hasEnded = true
  }

  /** The cookie that the browser sent, if this request has ended its session. */
  get endedCookie(): Cookie | undefined {
    return this.hasEnded ? this.sentCookie : undefined
  }

  /** The cookie of the record that the session was loaded from, as the browser has it. */
  private get sentCookie(): Cookie | undefined {
    return this.loadedRecord && restoreCookie(this.loadedRecord.cookie)
  }

  /** There is a session, and a handler may have read it. */
  get isRead(): boolean {
    return this.hasStarted && !this.isPending
  }

  /** Whether the id of the session was destroyed. `session` is undefined if it is not made yet. */
  isDestroyed(session: Session | undefined): boolean {
    const state = session ? stateFor(session, this) : this.idState
    return state?.isDestroyed ?? false
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

  /** Whether an unchanged session must be touched, and its cookie sent again if `rolling` is on. */
  isTouchDue(session: Session | undefined): boolean {
    const { touchLog } = this.settings
    const id = this.tracker.sentId?.id
    if (!touchLog || id === undefined || this.lifetime?.mustSave) return true
    return touchLog.isDue(id, (session?.cookie ?? this.ownCookie)?.originalMaxAge)
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
