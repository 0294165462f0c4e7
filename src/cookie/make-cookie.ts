import type { SessionRequest } from '../session/attach'
import { Cookie, type CookieOptions, copyOptions } from './cookie'
import type { CookieData } from './cookie-data'
import { isSecure } from './secure'

/** The cookie of a new session. 'auto' follows the request's connection. */
export function makeCookie(
  options: CookieOptions,
  req: SessionRequest,
  trustProxy: boolean | undefined,
): Cookie {
  const cookie = new Cookie(options)
  // The Date of the options must not become the Date of every session.
  if (options.expires instanceof Date && cookie._expires) cookie._expires = new Date(cookie._expires)
  if (options.secure === 'auto') cookie.secure = isSecure(req, trustProxy)
  if (options.sameSite === 'auto') cookie.sameSite = isSecure(req, trustProxy) ? 'none' : 'lax'
  return cookie
}

/** The cookie of a session that was stored, from what its record keeps of it. */
export function restoreCookie(stored: CookieData): Cookie {
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

/** A store that needs no JSON may hand back the live object. */
function asJson(stored: CookieData): unknown {
  const { toJSON } = stored as Partial<Cookie>
  return typeof toJSON === 'function' ? toJSON.call(stored) : stored
}
