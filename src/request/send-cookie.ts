import type { ServerResponse } from 'node:http'
import type { CookieCodec } from '../cookie/cookie-codec'
import { expireCookie } from '../cookie/expire-cookie'
import { isSecure } from '../cookie/incoming-request'
import { debug } from '../diagnostics/debug'
import type { Settings } from '../options/settings'
import type { RequestSession } from '../session/request-session'
import { addCookie } from './cookie-header'

/** Adds the session's cookie to the headers, and returns it, unless it is `secure` and the connection is not. */
export function sendCookie(
  owner: RequestSession,
  codec: CookieCodec,
  res: ServerResponse,
  settings: Settings,
): string | undefined {
  if (owner.cookie.secure && !isSecure(owner.req, settings.proxy)) {
    debug('not secured')
    return undefined
  }
  owner.touch()
  const cookie = settings.setCookie.write(encodeId(owner, codec), owner.cookie)
  addSessionCookie(owner, res, settings, cookie)
  return cookie
}

/** Adds this Set-Cookie value to the headers, and deletes a cookie that it does not replace. */
export function addSessionCookie(
  owner: RequestSession,
  res: ServerResponse,
  settings: Settings,
  cookie: string,
): void {
  const movedFrom = owner.cookieRefresh?.movedFrom
  if (movedFrom) addCookie(res, expireCookie(settings.name, movedFrom))
  addCookie(res, cookie)
  owner.head = 'with cookie'
}

/** An id that the current secret signed is sent back as it came, without signing it again. */
function encodeId({ req, tracker: { sentId } }: RequestSession, codec: CookieCodec): string {
  const id = req.sessionID as string
  return sentId?.text && sentId.id === id ? sentId.text : codec.encode(id)
}
