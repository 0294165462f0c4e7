import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { OWNER, type SessionRequest } from './attach'

/**
 * Makes the session of this request read-only, from now on: the end of the response neither saves nor touches nor destroys
 * it, and sends no cookie. Requests that come by themselves, such as polling and server-sent events, then do not keep a
 * session alive (OWASP Session Management Cheat Sheet, automatic session expiration). The methods `save`, `destroy` and
 * `regenerate` still work when they are called. Does nothing if the request has no session.
 */
export function readOnly(req: IncomingMessage | Http2ServerRequest): void {
  const owner = (req as unknown as SessionRequest)[OWNER]
  if (owner) owner.isReadOnly = true
}
