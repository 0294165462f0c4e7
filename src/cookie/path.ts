import type { SessionRequest } from '../session/attach'

/** Whether the cookie's path covers the request's (RFC 6265, 5.1.4): '/admin' does not cover '/administrator'. */
export function isOnPath(req: SessionRequest, cookiePath: string): boolean {
  const url = urlOf(req)
  if (cookiePath === '/' && url.startsWith('/')) return true
  const path = pathOf(url)
  if (!path.startsWith(cookiePath)) return false
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/'
}

function urlOf({ originalUrl, url }: SessionRequest): string {
  return (typeof originalUrl === 'string' ? originalUrl : url) || '/'
}

function pathOf(url: string): string {
  // What is left where the path was stripped (RFC 6265, 5.1.4: an empty one is '/').
  if (/^[?#]/.test(url)) return '/'
  // A proxy's client may send the absolute form (RFC 9112, 3.2.2); the rest are '*' and the like.
  if (!url.startsWith('/')) return URL.canParse(url) ? new URL(url).pathname : url
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
