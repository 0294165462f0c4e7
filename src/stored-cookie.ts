import { Cookie, copyOptions } from './cookie'
import type { CookieData } from './cookie-data'

/** Makes a cookie from what a record keeps of one. */
export function reviveCookie(stored: CookieData): Cookie {
  // Not by destructuring: of a record without a cookie users know the error 'Cannot read properties of undefined'.
  const expires: unknown = stored.expires
  const originalMaxAge = stored.originalMaxAge
  const cookie = new Cookie()
  const data = asJson(stored)
  if (data) copyOptions(cookie, data, false)
  if (typeof expires === 'string' || expires instanceof Date) cookie._expires = new Date(expires)
  cookie.originalMaxAge = originalMaxAge
  return cookie
}

/** The moment a stored cookie ends, in milliseconds since the epoch; undefined where it never does. */
export function expiryOf(cookie: unknown): number | undefined {
  const expires: unknown = (cookie as { expires?: unknown } | null | undefined)?.expires
  if (!expires) return undefined
  if (expires instanceof Date) return expires.getTime()
  if (typeof expires === 'string') return new Date(expires).getTime()
  return typeof expires === 'number' ? expires : undefined
}

/** A store that needs no JSON may hand back the live object. */
function asJson(stored: CookieData): unknown {
  const { toJSON } = stored as Partial<Cookie>
  return typeof toJSON === 'function' ? toJSON.call(stored) : stored
}
