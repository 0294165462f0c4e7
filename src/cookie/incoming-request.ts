import type { IncomingMessage } from 'node:http'

/** The part of a request that the middleware reads: Node's, and what Express and cookie-parser add to it. */
export interface IncomingRequest extends IncomingMessage {
  /** Express: the URL as the client sent it, while `url` is relative to the router. */
  originalUrl?: string
  /** Express: whether the connection is HTTPS, or a trusted proxy says so. */
  secure?: boolean
  /** cookie-parser: its secret. */
  secret?: unknown
  /** cookie-parser: the cookies whose signature it verified. */
  signedCookies?: Record<string, unknown>
  /** cookie-parser: the other cookies. */
  cookies?: Record<string, unknown>
}

/** Returns whether the cookie's path covers the request's (RFC 6265, 5.1.4): '/admin' does not cover '/administrator'. */
export function isOnPath(req: IncomingRequest, cookiePath: string): boolean {
  const url = urlOf(req)
  if (cookiePath === '/' && url.startsWith('/')) return true
  const path = pathOf(url)
  if (!path.startsWith(cookiePath)) return false
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/'
}

function urlOf({ originalUrl, url }: IncomingRequest): string {
  return (typeof originalUrl === 'string' ? originalUrl : url) || '/'
}

function pathOf(url: string): string {
  // A router that strips its prefix may leave only the query. An empty path is '/' (RFC 6265, 5.1.4).
  if (/^[?#]/.test(url)) return '/'
  // A client of a proxy may send the absolute form (RFC 9112, 3.2.2). Anything else, like '*', is compared as it is.
  if (!url.startsWith('/')) return URL.canParse(url) ? new URL(url).pathname : url
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}

/**
 * Returns whether the request came over HTTPS: on its own socket, or according to a trusted proxy.
 * `trustProxy`: true reads X-Forwarded-Proto, false reads no header, undefined asks Express (`req.secure`).
 */
export function isSecure(req: IncomingRequest, trustProxy: boolean | undefined): boolean {
  const socket = req.connection ?? req.socket
  if ((socket as { encrypted?: boolean } | undefined)?.encrypted) return true
  if (trustProxy === false) return false
  if (trustProxy !== true) return req.secure === true
  return forwardedProtocol(req) === 'https'
}

/** Each proxy appends its own value, so the first one tells how the browser connected. */
function forwardedProtocol(req: IncomingRequest): string {
  const header = req.headers['x-forwarded-proto']
  const list = Array.isArray(header) ? header.join() : (header ?? '')
  return (list.split(',', 1)[0] as string).trim().toLowerCase()
}
