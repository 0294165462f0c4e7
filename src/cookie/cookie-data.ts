import { types } from 'node:util'

/** The values of a cookie's `sameSite`. */
export type SameSite = boolean | 'lax' | 'strict' | 'none' | 'auto'

/** A session's cookie as plain data, as a stored record keeps it. */
export interface CookieData {
  originalMaxAge: number | null
  partitioned?: boolean | undefined
  priority?: 'low' | 'medium' | 'high' | undefined
  expires?: Date | null | undefined
  secure?: boolean | 'auto' | undefined
  httpOnly?: boolean | undefined
  domain?: string | undefined
  path?: string | undefined
  sameSite?: SameSite | undefined
  /** With `refreshCookie`: what the options were when the cookie was last sent for them. */
  configured?: ConfiguredCookie | undefined
}

/** The attributes that the options gave a cookie. `originalMaxAge` is undefined if they set `expires`. */
export interface ConfiguredCookie extends Omit<CookieData, 'expires' | 'configured' | 'originalMaxAge'> {
  readonly originalMaxAge?: number | null | undefined
}

/**
 * Returns when a stored cookie expires, in milliseconds since the epoch: NaN for a text that is no date, undefined if it
 * does not expire.
 */
export function expiryOf(cookie: unknown): number | undefined {
  const expires: unknown = (cookie as { expires?: unknown } | null | undefined)?.expires
  if (!expires) return undefined
  if (types.isDate(expires)) return expires.getTime()
  if (typeof expires === 'string') return new Date(expires).getTime()
  return typeof expires === 'number' ? expires : undefined
}

/** Returns when the lifetime of a cookie was started, in milliseconds since the epoch: `now` if that is not known. */
export function lifetimeStartOf(cookie: CookieData, now: number): number {
  const [expiry, lifetime] = [expiryOf(cookie), cookie.originalMaxAge]
  if (expiry === undefined || typeof lifetime !== 'number') return now
  const start = expiry - lifetime
  // A comparison with NaN is false.
  return start < now ? start : now
}

/** Returns the data without its expiry, to compare everything else. It is the same object if it has no expiry. */
export function withoutDate(data: CookieData): CookieData {
  return data.expires instanceof Date ? { ...data, expires: null } : data
}

/**
 * Returns whether two cookies have the same data. Additional properties count as different. The comparison is spelt out,
 * since it runs at each request.
 */
export function isSameData(a: CookieData, b: CookieData): boolean {
  return (
    hasNoOtherKeys(a) &&
    hasNoOtherKeys(b) &&
    a.originalMaxAge === b.originalMaxAge &&
    a.expires === b.expires &&
    a.path === b.path &&
    a.httpOnly === b.httpOnly &&
    a.secure === b.secure &&
    a.sameSite === b.sameSite &&
    a.domain === b.domain &&
    a.partitioned === b.partitioned &&
    a.priority === b.priority
  )
}

/** The number of properties that `Cookie.prototype.data` gives. */
const PROPERTY_COUNT = 9

/** An application may add properties to a cookie's data. */
function hasNoOtherKeys(data: CookieData): boolean {
  return Object.keys(data).length === PROPERTY_COUNT
}
