import type { CookieOptions } from '../cookie/cookie'
import type { ConfiguredCookie } from '../cookie/cookie-data'
import type { IncomingRequest } from '../cookie/incoming-request'
import type { Reporter } from '../diagnostics/reporter'
import type { Limits } from '../policy/lifetime'
import type { GuardedStore } from '../store-guard/guarded-store'
import type { IdState } from '../store-guard/id-state'
import type { SessionData, StoreLike } from '../types'
import type { Baseline } from './baseline'
import type { Keep, KeptSession } from './keep'
import type { PromiseWatch } from './promise-watch'
import type { RequestLifetime } from './request-lifetime'
import type { TouchLog } from './touch-log'
import type { TrackedSession, Tracker } from './tracker'

/** A request with the properties that the middleware adds to it. */
// Not an interface that extends IncomingRequest: applications may declare `session` on Node's IncomingMessage.
export type SessionRequest = Omit<IncomingRequest, 'session' | 'sessionID' | 'sessionStore'> & {
  session?: unknown
  sessionID?: unknown
  sessionStore?: StoreLike
  [OWNER]?: SessionOwner
}

/** The options that a session needs, checked and complete. */
export interface SessionSettings {
  generateId(req: IncomingRequest): unknown
  /** No function of the application takes part in making a session, so that can wait until a handler reads it. */
  readonly isLazy: boolean
  readonly proxy: boolean | undefined
  readonly resave: boolean
  /** With `refreshCookie`: returns the attributes that the options give the cookie of a session of this request. */
  readonly configuredFor: ((options: CookieOptions, req: IncomingRequest) => ConfiguredCookie) | undefined
  /** `idleTimeout` and `absoluteTimeout`. Undefined if both are off. */
  readonly limits: Limits | undefined
  /** Undefined if `touchAfter` is off. */
  readonly touchLog: TouchLog | undefined
  /** Reports mistakes. Undefined if `diagnostics` is false. */
  readonly reporter: Reporter | undefined
  /** `saveMode: 'merge'`. */
  readonly merges: boolean
}

/** The state of one request's session. `RequestSession` implements it; `Session` and `Store` find it at `req[OWNER]`. */
export interface SessionOwner {
  readonly req: SessionRequest
  readonly store: GuardedStore
  readonly settings: SessionSettings
  readonly tracker: Tracker
  /** Undefined if no timeout is on. */
  readonly lifetime: RequestLifetime | undefined
  /** The end of the response neither writes the session nor sends its cookie. Set by `readOnly`. */
  isReadOnly: boolean
  /** Whether the session was loaded from the store. */
  readonly isLoaded: boolean
  /** The record that the session was loaded from. Undefined for a new session. */
  readonly record: SessionData | undefined
  /** What is known of the stored session: only for `saveMode: 'merge'` and `updateSession`. */
  baseline: Baseline | undefined
  /** There is a session, but its object is made at the first read. */
  isPending: boolean
  /** The value of `req.session`. */
  session: unknown
  /** The value of `req.sessionID`. */
  sessionID: unknown
  /** There is a new session, but its id is drawn at its first use. */
  readonly isIdPending: boolean
  /** Makes the session object that was pending. */
  make(): void
  /** Gives the request a new session with this id, or with the next id if `id` is not passed. */
  generate(id?: unknown): void
  /** Makes `generate` use this id at its next call: `store.generate(req)` takes no id. */
  reserveId(id: unknown): void
  /** Returns a session with this id and the kept data of another one. Throws if it cannot be JSON. */
  makeKept(id: unknown, from: unknown, keep: Keep): KeptSession
  /** Copies a kept session to the session that `generate` has made with its id. */
  takeOver(kept: KeptSession): void
  /** The state of the id that the request's session has. Undefined until the session has an id. */
  readonly idState: IdState | undefined
  /** The state of the session whose id is drawn at its first use: a request has at most one. */
  readonly lazyState: IdState | undefined
  /** Whether the headers of the response are built, and have the session's cookie. */
  head: 'open' | 'without cookie' | 'with cookie'
  /** Notices promises that the handler does not wait for. Undefined while no mistakes are reported. */
  readonly promises: PromiseWatch | undefined
  /** Returns the value of `req.session` as a session: the application may have assigned a plain object. */
  refresh(value: unknown): TrackedSession
  /** Called when `req.session` was read again from the store. */
  noteReload(record: SessionData): void
  /** Called when the application destroys a session of this request. What it assigns afterwards is a new session. */
  noteDestroy(state: IdState): void
}

/** The property of a request that holds the state of its session. */
export const OWNER: unique symbol = Symbol('session owner')

/** The result of `peekSession` if there is a session that no handler has read. */
export const UNREAD: unique symbol = Symbol('unread session')

/** Returns `req.session`, or UNREAD instead of making a session that is pending. */
export function peekSession(req: SessionRequest): unknown {
  return req[OWNER]?.isPending && isAttached(req) ? UNREAD : req.session
}

/** Returns `req.sessionID`, or UNREAD instead of drawing an id that is pending. */
export function peekId(req: SessionRequest): unknown {
  const isPending = req[OWNER]?.isIdPending && isAccessor(req, 'sessionID', idAccessor)
  return isPending ? UNREAD : req.sessionID
}

/** The application may have deleted `req.session`, or defined a property of its own. */
function isAttached(req: SessionRequest): boolean {
  return isAccessor(req, 'session', sessionAccessor)
}

function isAccessor(req: SessionRequest, name: string, { get }: PropertyDescriptor): boolean {
  return Object.getOwnPropertyDescriptor(req, name)?.get === get
}

/** Adds the properties by which others find the session's state and its store. Throws for a frozen request. */
export function attachOwner(req: SessionRequest, owner: SessionOwner): void {
  req.sessionStore = owner.store.store
  req[OWNER] = owner
}

/**
 * Defines `req.session` as an accessor of the owner's session. Returns false if that is not possible: then the session
 * must be assigned to `req.session`.
 */
export function attachSession(req: SessionRequest): boolean {
  return attach(req, 'session', sessionAccessor)
}

/** Defines `req.sessionID` as an accessor, so that even the id is made at the first read. Returns false if it cannot. */
export function attachId(req: SessionRequest): boolean {
  return attach(req, 'sessionID', idAccessor)
}

function attach(req: SessionRequest, name: string, accessor: PropertyDescriptor): boolean {
  return !(name in req && hasOtherSetter(req, name, accessor)) && Reflect.defineProperty(req, name, accessor)
}

/** Returns whether an assignment would call a setter of the application or the framework, which must not be replaced. */
function hasOtherSetter(req: SessionRequest, name: string, accessor: PropertyDescriptor): boolean {
  for (let at: object | null = req; at; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name)
    if (found) return found.set !== undefined && found.set !== accessor.set
  }
  return false
}

type Owned = { [OWNER]: SessionOwner }

// One accessor for all requests: attaching it creates no closure.
const sessionAccessor: PropertyDescriptor & ThisType<Owned> = {
  configurable: true,
  enumerable: true,
  get() {
    const owner = this[OWNER]
    if (owner.isPending) owner.make()
    return owner.session
  },
  set(session) {
    if (!Object.hasOwn(this, OWNER)) return shadow(this, 'session', session)
    const owner = this[OWNER]
    if (owner.isPending) owner.make()
    owner.session = session
  },
}

const idAccessor: PropertyDescriptor & ThisType<Owned> = {
  configurable: true,
  enumerable: true,
  get() {
    const owner = this[OWNER]
    if (owner.isPending) owner.make()
    return owner.sessionID
  },
  set(id) {
    if (!Object.hasOwn(this, OWNER)) return shadow(this, 'sessionID', id)
    const owner = this[OWNER]
    if (owner.isPending) owner.make()
    owner.sessionID = id
  },
}

/** Assigning to an object made by `Object.create(req)` must not change the request's session. */
function shadow(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
