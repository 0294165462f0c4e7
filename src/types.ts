import type { Cookie } from './cookie/cookie'

/**
 * The data of a session. Declare your own keys by declaration merging:
 * `declare module 'sessionware' { interface SessionData { userId: string } }`.
 */
export interface SessionData {
  /** The session's cookie: its attributes and its lifetime. */
  cookie: SessionCookie
}

/** A cookie to whose `maxAge` null may be assigned. Only a part of a union can say so of an optional property. */
export interface ResettableCookie extends Cookie {
  get maxAge(): number | undefined
  set maxAge(ms: number | null | undefined)
}

/** The cookie of a session or a record. Its `maxAge` reads as a number or undefined, and null may be assigned to it. */
export type SessionCookie = Cookie | ResettableCookie

/** The callback of a store call that has no result: called with an error, or without one. */
export type Done = (err?: unknown) => void

/** The callback of `get`: called with the record, or with nothing if there is none. */
export type GetDone = (err?: unknown, record?: SessionData | null) => void

/**
 * The result of `compareAndSet`. true: written. false: there is no record. A record: what is stored now; nothing was
 * written.
 */
export type Outcome = boolean | SessionData

/** The callback of `compareAndSet`. */
export type OutcomeDone = (err?: unknown, outcome?: Outcome) => void

/**
 * Returns the user of a session: the same for all sessions of one user, and undefined for a session without one. Numbers
 * and strings are compared as text.
 */
export type UserOf = (session: SessionData) => string | number | null | undefined

/**
 * A stored session, with the store's key of the record as `id`: without the store's prefix. It is the session id, except
 * below `hashIds`. `cookie.expires` is when the store removes the record, if the store keeps that elsewhere.
 */
export type FoundSession = SessionData & { id: string }

/** The callback of `findByUser`. */
export type FoundDone = (err?: unknown, sessions?: FoundSession[]) => void

/** The callback of any store call. */
export type Answer = (err?: unknown, value?: unknown) => void

/** Work on the store that must be done before the response is sent. It calls `done` once. */
export type Commit = (done: Done) => void

/** The methods of a store that the middleware calls. Any object with `get`, `set` and `destroy` can be a store. */
export interface StoreLike {
  /** Answers with the record of this id, or with nothing. */
  get(sid: string, callback: GetDone): unknown
  /** Creates or replaces the record of this id. */
  set(sid: string, session: SessionData, callback: Done): unknown
  /** Removes the record of this id. */
  destroy(sid: string, callback: Done): unknown
  /** Moves the expiry of the record of this id. */
  touch?(sid: string, session: SessionData, callback: Done): unknown
  /**
   * Writes the session if the stored record is still `loaded`: an object that `get` has answered with, that an earlier
   * outcome gave, or that was passed as `session` when the outcome was true. Without `loaded` it writes if there is no
   * record. The expiry is not compared.
   */
  compareAndSet?(
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback: OutcomeDone,
  ): unknown
  /**
   * Called once by `sessionsOf`, before `findByUser`: a store that keeps an index of the sessions of each user needs this
   * function. Sessions that were stored before may be added when they are written or touched next.
   */
  index?(userOf: UserOf): void
  /** Answers with the sessions of this user that have not expired. The user is text, also if it is a number. */
  findByUser?(user: string, callback: FoundDone): unknown
  /** Registers a listener for the 'disconnect' and 'connect' events. */
  on?(event: string, listener: () => void): unknown
  /** Set by the middleware: gives a request a new session. */
  generate?: ((req: never) => void) | undefined
  /** Destroys the session of a request and gives it a new one. */
  regenerate?(req: never, callback: Done): unknown
  /** Makes the session of a request from a record. */
  createSession?(req: never, record: SessionData): unknown
}
