import type { Cookie } from '../cookie/cookie'
import type { CookieData } from '../cookie/cookie-data'
import type { Version } from '../policy/version'
import type { SessionData } from '../types'

/** A record as a store in this process returns it synchronously: its data is parsed only when the session is read. */
export interface SyncRecord {
  /** Undefined if the stored session had none. */
  cookie: CookieData | undefined
  /** The JSON of the session without its cookie. */
  snapshot: string
  /** When the session began, in milliseconds since the epoch, if that is stored beside the cookie. */
  startedAt?: number | undefined
  /** The record has expired and was removed. */
  isExpired?: true
}

/** Synchronous forms of a store's methods: for stores of ours, the middleware needs no callback. */
export interface SyncMethods {
  get(sid: string): SyncRecord | undefined
  set(sid: string, cookie: unknown, snapshot: string): void
  touch(sid: string, cookie: unknown): void
  /** Compares the data and the lifetime with what the caller has read. Returns what `compareAndSet` answers. */
  compareAndSet(
    sid: string,
    cookie: unknown,
    snapshot: string,
    loaded: Version | undefined,
  ): boolean | SyncRecord
  /** Does not set `req.session`. */
  createSession(req: unknown, record: SessionData, cookie: Cookie | undefined, id: unknown): unknown
}

const SYNC = Symbol('synchronous form')

/**
 * Gives a store's method a synchronous form. It is called with the store as `this`. A store around another one has it only
 * while `isThere` returns true.
 */
export function defineSyncMethod<Name extends keyof SyncMethods>(
  methods: { [name in Name]: object },
  name: Name,
  form: SyncMethods[Name],
  isThere?: (store: object) => boolean,
): void {
  const method = methods[name]
  Object.defineProperty(method, SYNC, { value: { method, form, isThere } })
}

type Mark<Name extends keyof SyncMethods> = {
  method: unknown
  form: SyncMethods[Name]
  isThere?: (store: object) => boolean
}

/**
 * Returns the synchronous form of a store's method, if it has one. A spy, a proxy or a wrapper in the method's place has
 * none, even if it has copied the method's properties: it is called like the method of any other store.
 */
export function syncMethodOf<Name extends keyof SyncMethods>(
  methods: { [name in Name]?: unknown },
  name: Name,
): SyncMethods[Name] | undefined {
  const method = methods[name]
  const own = (method as { [SYNC]?: Mark<Name> } | undefined)?.[SYNC]
  if (own?.method !== method) return undefined
  return own?.isThere && !own.isThere(methods) ? undefined : own?.form
}
