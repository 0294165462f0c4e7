import type { ServerResponse } from 'node:http'
import { expireCookie } from '../cookie/expire-cookie'
import type { IdCodec } from '../cookie/id-codec'
import { isSecure } from '../cookie/incoming-request'
import { debug } from '../diagnostics/debug'
import type { Settings } from '../options/settings'
import type { RequestSession } from '../session/request-session'
import { addCookie } from './cookie-header'

/** Adds the session's cookie to the headers, and returns it, unless it is `secure` and the connection is not. */
export function sendCookie(
  owner: RequestSession,
  codec: IdCodec,
  res: ServerResponse,
  settings: Settings,
): string | undefined {
  if (owner.cookie.secure && !isSecure(owner.req, settings.proxy)) {
    debug('not secured')
    return undefined
  }
  owner.touch()
  const cookie = settings.setCookie.write(encodeId(owner, codec), owner.cookie)
  const movedFrom = owner.cookieRefresh?.movedFrom
  if (movedFrom) addCookie(res, expireCookie(settings.name, movedFrom))
  addCookie(res, cookie)
  owner.head = 'with cookie'
  return cookie
}

/** An id that the current secret signed is sent back as it came, without signing it again. */
function encodeId({ req, tracker: { sentId } }: RequestSession, codec: IdCodec): string {
  const id = req.sessionID as string
  return sentId?.text && sentId.id === id ? sentId.text : codec.encode(id)
}
