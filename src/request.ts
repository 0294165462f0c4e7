import type { IncomingMessage } from 'node:http'
import type { StoreLike } from './types'

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
  [OWNER]?: SessionOwner
}

/** Who answers for a request's session: makes it when somebody looks, and keeps account of it. */
export interface SessionOwner {
  /** False until somebody looked at `req.session`. */
  isSeen: boolean
  session: unknown
  sessionID: unknown
  /** Makes the session that was not needed until now. */
  look(): void
  /** Keeps account of an explicit save. Throws where the data is no JSON. */
  saving(session: object): void
  /** Keeps account of a session that was read again from the store. */
  reloaded(): void
  /** Replaces the session by a new one with a new id. */
  regenerate(done: (err?: unknown) => void): void
}

export const OWNER: unique symbol = Symbol('session owner')

/** What `peekSession` answers where there is a session that nobody has looked at. */
export const UNSEEN: unique symbol = Symbol('unseen session')

let isPeeking = false

/** Reads `req.session` without making the session that waits behind it. */
export function peekSession(req: SessionRequest): unknown {
  isPeeking = true
  try {
    return req.session
  } finally {
    isPeeking = false
  }
}

/** Puts a session at `req.session` that its owner makes at the first look. */
export function attachSession(req: SessionRequest, owner: SessionOwner): void {
  req[OWNER] = owner
  Object.defineProperty(req, 'session', lazySession)
}

/** The same for `req.sessionID`, where not even the id is made before somebody looks. */
export function attachId(req: SessionRequest): void {
  Object.defineProperty(req, 'sessionID', lazyId)
}

type Owned = { [OWNER]: SessionOwner }

// Shared by all requests, so that attaching makes no closure.
const lazySession: PropertyDescriptor & ThisType<Owned> = {
  configurable: true,
  enumerable: true,
  get() {
    const owner = this[OWNER]
    if (!owner.isSeen) {
      if (isPeeking) return UNSEEN
      owner.look()
    }
    return owner.session
  },
  set(session) {
    const owner = this[OWNER]
    if (!owner.isSeen) owner.look()
    owner.session = session
  },
}

const lazyId: PropertyDescriptor & ThisType<Owned> = {
  configurable: true,
  enumerable: true,
  get() {
    const owner = this[OWNER]
    if (!owner.isSeen) owner.look()
    return owner.sessionID
  },
  set(id) {
    const owner = this[OWNER]
    if (!owner.isSeen) owner.look()
    owner.sessionID = id
  },
}

/** Whether the cookie's path covers the request's (RFC 6265, 5.1.4): '/admin' does not cover '/administrator'. */
export function isOnPath(req: SessionRequest, cookiePath: string): boolean {
  if (cookiePath === '/') return true
  const path = pathOf(req)
  if (!path.startsWith(cookiePath)) return false
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/'
}

function pathOf(req: SessionRequest): string {
  const url = req.originalUrl ?? req.url ?? '/'
  // A proxy's client may send the absolute form (RFC 9112, 3.2.2).
  if (!url.startsWith('/')) return URL.canParse(url) ? new URL(url).pathname : '/'
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
