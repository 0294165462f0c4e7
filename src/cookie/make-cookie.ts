import { Cookie, type CookieOptions, copyOptions } from './cookie'
import type { CookieData } from './cookie-data'
import { type IncomingRequest, isSecure } from './incoming-request'

/** Makes the cookie of a new session. 'auto' attributes are set according to the request's connection. */
export function makeCookie(
  options: CookieOptions,
  req: IncomingRequest,
  trustProxy: boolean | undefined,
): Cookie {
  const cookie = new Cookie(options)
  // A copy: one Date object must not be shared by all sessions.
  if (options.expires instanceof Date && cookie._expires) cookie._expires = new Date(cookie._expires)
  if (options.secure === 'auto') cookie.secure = isSecure(req, trustProxy)
  if (options.sameSite === 'auto') cookie.sameSite = isSecure(req, trustProxy) ? 'none' : 'lax'
  return cookie
}

/** Makes the cookie of a loaded session from the `cookie` object of its record. */
export function restoreCookie(stored: CookieData): Cookie {
  // No destructuring: for a record without a cookie this throws the TypeError that express-session throws.
  const expires: unknown = stored.expires
  const originalMaxAge = stored.originalMaxAge
  const cookie = new Cookie()
  const data = asJson(stored)
  if (data) copyOptions(cookie, data, false)
  if (typeof expires === 'string' || expires instanceof Date) cookie._expires = new Date(expires)
  cookie.originalMaxAge = originalMaxAge
  return cookie
}

/** Returns plain data. A store that keeps objects, not JSON, may give back the Cookie itself. */
function asJson(stored: CookieData): unknown {
  const { toJSON } = stored as Partial<Cookie>
  return typeof toJSON === 'function' ? toJSON.call(stored) : stored
}
