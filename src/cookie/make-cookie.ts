import { Cookie, type CookieOptions } from './cookie'
import { type IncomingRequest, isSecure } from './incoming-request'

/** Makes the cookie of a new session. 'auto' attributes are set according to the request's connection. */
export function makeCookie(
  options: CookieOptions,
  req: IncomingRequest,
  trustProxy: boolean | undefined,
): Cookie {
  const cookie = new Cookie(options)
  // express-session takes a number for a lifetime, at the first touch.
  if (typeof cookie._expires === 'number') cookie.maxAge = cookie._expires
  // A copy: one Date object must not be shared by all sessions.
  if (options.expires instanceof Date && cookie._expires) cookie._expires = new Date(cookie._expires)
  if (options.secure === 'auto') cookie.secure = isSecure(req, trustProxy)
  if (options.sameSite === 'auto') cookie.sameSite = isSecure(req, trustProxy) ? 'none' : 'lax'
  return cookie
}
