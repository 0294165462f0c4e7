import type { Cookie } from './cookie'

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

/** Ends a `get`: the record, or nothing where there is none. The snapshot is `StoreClient.load`'s. */
export type GetDone = (err?: unknown, record?: SessionData | null, snapshot?: string) => void

/** What the middleware needs of a store. Any object of this shape will do; extending `Store` gives the rest. */
export interface StoreLike {
  get(sid: string, callback: GetDone): unknown
  set(sid: string, session: SessionData, callback: Done): unknown
  destroy(sid: string, callback: Done): unknown
  touch?(sid: string, session: SessionData, callback: Done): unknown
  on?(event: string, listener: () => void): unknown
  generate?: ((req: never) => void) | undefined
  regenerate?(req: never, callback: Done): unknown
  createSession?(req: never, record: SessionData): unknown
}
