import type { Cookie } from './cookie/cookie'

/**
 * What your sessions hold. Add your own keys by declaration merging:
 * `declare module 'sessionware' { interface SessionData { userId: string } }`.
 */
export interface SessionData {
  /** The session's cookie: its attributes and its lifetime. */
  cookie: Cookie
}

/** Ends a store call: with an error, or without one. */
export type Done = (err?: unknown) => void

/** Ends a `get`: the record, or nothing where there is none. */
export type GetDone = (err?: unknown, record?: SessionData | null) => void

/** What the middleware needs of a store. Any object of this shape will do; extending `Store` gives the rest. */
export interface StoreLike {
  /** Answers with the record of this id, or with nothing. */
  get(sid: string, callback: GetDone): unknown
  /** Creates or replaces the record of this id. */
  set(sid: string, session: SessionData, callback: Done): unknown
  /** Removes the record of this id. */
  destroy(sid: string, callback: Done): unknown
  /** Moves the expiry of the record of this id. */
  touch?(sid: string, session: SessionData, callback: Done): unknown
  /** Tells of 'disconnect' and 'connect'. */
  on?(event: string, listener: () => void): unknown
  /** Assigned by the middleware: gives a request a new session. */
  generate?: ((req: never) => void) | undefined
  /** Destroys the session of a request and gives it a new one. */
  regenerate?(req: never, callback: Done): unknown
  /** Makes the session of a request from a record. */
  createSession?(req: never, record: SessionData): unknown
}
