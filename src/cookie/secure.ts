import type { SessionRequest } from '../session/attach'

/**
 * Whether the request came over HTTPS: by its own socket, or by the word of a trusted proxy.
 * `trustProxy` true believes X-Forwarded-Proto, false believes no header, undefined asks Express (`req.secure`).
 */
export function isSecure(req: SessionRequest, trustProxy: boolean | undefined): boolean {
  const socket = req.connection ?? req.socket
  if ((socket as { encrypted?: boolean } | undefined)?.encrypted) return true
  if (trustProxy === false) return false
  if (trustProxy !== true) return req.secure === true
  return forwardedProtocol(req) === 'https'
}

/** Each proxy appends its view; the first is the browser's side. */
function forwardedProtocol(req: SessionRequest): string {
  const header = req.headers['x-forwarded-proto']
  const list = Array.isArray(header) ? header.join() : (header ?? '')
  return (list.split(',', 1)[0] as string).trim().toLowerCase()
}
