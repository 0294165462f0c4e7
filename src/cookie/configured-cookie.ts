import type { CookieOptions } from './cookie'
import type { ConfiguredCookie } from './cookie-data'
import { type IncomingRequest, isSecure } from './incoming-request'
import { makeCookie } from './make-cookie'
import { configuredBy } from './refresh-cookie'

/**
 * Returns a function that gives the attributes that the `cookie` option gives a session of a request. The last ones are
 * kept for each kind of connection, since the options are the same object at each request unless they are a function.
 */
export function configuredSource(
  trustProxy: boolean | undefined,
): (options: CookieOptions, req: IncomingRequest) => ConfiguredCookie {
  let known: { options: CookieOptions; plain?: ConfiguredCookie; secure?: ConfiguredCookie } | undefined
  return (options, req) => {
    if (known?.options !== options) known = { options }
    const isAuto = options.secure === 'auto' || options.sameSite === 'auto'
    const kind = isAuto && isSecure(req, trustProxy) ? 'secure' : 'plain'
    const hasFixedEnd = Boolean(options.expires) || typeof options.maxAge === 'object'
    known[kind] ??= configuredBy(makeCookie(options, req, trustProxy), hasFixedEnd)
    return known[kind]
  }
}
