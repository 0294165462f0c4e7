import type { IncomingMessage } from 'node:http'
import type { Done, StoreLike } from '../types'

/** What the middleware reads from a request, and what it puts there. */
export interface SessionRequest extends IncomingMessage {
  session?: unknown
  sessionID?: unknown
  sessionStore?: StoreLike
  originalUrl?: string
  /** Express: whether the connection, or the proxy that is trusted, speaks HTTPS. */
  secure?: boolean
  /** cookie-parser's */
  secret?: unknown
  signedCookies?: Record<string, unknown>
  cookies?: Record<string, unknown>
  [OWNER]?: Owner
}

/** Who answers for a request's session: makes it when somebody looks, and keeps account of it. */
export interface Owner {
  /** There is a session, but it is made at the first look. */
  isPending: boolean
  session: unknown
  sessionID: unknown
  /** Makes the session that was not needed until now. */
  make(): void
  /** False for a session that was replaced before it was stored. */
  maySave(session: object): boolean
  /** The store is about to get this. Throws where the data is no JSON. */
  noteSave(session: object): void
  /** The session was read again from the store. */
  noteReload(): void
  /** Replaces the session by a new one with a new id, in the store's own way if it has one. */
  regenerate(done: Done): void
  /** The same, in the way of every store. */
  replace(done: Done): void
}

export const OWNER: unique symbol = Symbol('session owner')

/** What `peekSession` answers where there is a session that nobody has looked at. */
export const UNSEEN: unique symbol = Symbol('unseen session')

let isPeeking = false

/**
 * Reads `req.session` without making the session that waits behind it. The way to it is asked itself, since nobody else
 * knows whether the application has put something of its own there.
 */
export function peekSession(req: SessionRequest): unknown {
  isPeeking = true
  try {
    return req.session
  } finally {
    isPeeking = false
  }
}

/** Lets the owner answer for `req.session`. */
export function attachSession(req: SessionRequest): void {
  Object.defineProperty(req, 'session', lazySession)
}

/** Lets the owner answer for `req.sessionID`, where not even the id is made before somebody looks. */
export function attachId(req: SessionRequest): void {
  Object.defineProperty(req, 'sessionID', lazyId)
}

type Owned = { [OWNER]: Owner }

// Shared by all requests, so that attaching makes no closure.
const lazySession: PropertyDescriptor & ThisType<Owned> = {
  configurable: true,
  enumerable: true,
  get() {
    const owner = this[OWNER]
    if (owner.isPending) {
      if (isPeeking) return UNSEEN
      owner.make()
    }
    return owner.session
  },
  set(session) {
    if (!Object.hasOwn(this, OWNER)) return shadow(this, 'session', session)
    const owner = this[OWNER]
    if (owner.isPending) owner.make()
    owner.session = session
  },
}

const lazyId: PropertyDescriptor & ThisType<Owned> = {
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

/** What is assigned to an object made from a request (`Object.create(req)`) is that object's own. */
function shadow(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
