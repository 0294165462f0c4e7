import type { SessionRequest } from './request'

/** Whether the cookie's path covers the request's (RFC 6265, 5.1.4): '/admin' does not cover '/administrator'. */
export function isOnPath(req: SessionRequest, cookiePath: string): boolean {
  if (cookiePath === '/') return true
  const path = pathOf(req)
  if (!path.startsWith(cookiePath)) return false
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/'
}

function pathOf(req: SessionRequest): string {
  const url = req.originalUrl ?? req.url ?? '/'
  // A proxy's client may send the absolute form (RFC 9112, 3.2.2).
  if (!url.startsWith('/')) return URL.canParse(url) ? new URL(url).pathname : '/'
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
