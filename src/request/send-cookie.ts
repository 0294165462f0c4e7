import type { ServerResponse } from 'node:http'
import type { IdCodec } from '../cookie/id-codec'
import { isSecure } from '../cookie/secure'
import { debug } from '../diagnostics/debug'
import type { SessionOwner } from '../session/session-owner'

/** Adds the session's cookie to the headers, unless it may not travel on this connection. */
export function sendCookie(owner: SessionOwner, codec: IdCodec, res: ServerResponse): void {
  const { req, settings } = owner
  if (owner.cookie.secure && !isSecure(req, settings.proxy)) return debug('not secured')
  owner.touch()
  const cookie = settings.setCookie.write(encodeId(owner, codec), owner.cookie)
  const others = res.getHeader('Set-Cookie') ?? []
  res.setHeader('Set-Cookie', Array.isArray(others) ? [...others, cookie] : [String(others), cookie])
}

/** An id that came signed by the first secret goes back as it came. */
function encodeId({ req, tracker: { sent } }: SessionOwner, codec: IdCodec): string {
  const id = req.sessionID as string
  return sent?.text && sent.id === id ? sent.text : codec.encode(id)
}
