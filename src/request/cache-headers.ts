import type { ServerResponse } from 'node:http'
import type { Reporter } from '../diagnostics/reporter'
import { makePrivate, varyByCookie } from '../policy/cache-control'

/**
 * The option `cacheControl`: tells caches that a response depends on the session, and that no other client may get one
 * that sets the session's cookie. Called when the headers are about to be built.
 */
export function setCacheHeaders(
  res: ServerResponse,
  isRead: boolean,
  hasCookie: boolean,
  reporter: Reporter | undefined,
): void {
  if (isRead || hasCookie) change(res, 'Vary', varyByCookie)
  if (hasCookie) change(res, 'Cache-Control', (given) => makeReportedPrivate(given, reporter))
}

function change(res: ServerResponse, name: string, edit: (value: string) => string): void {
  const header = res.getHeader(name)
  if (header === undefined) return void res.setHeader(name, edit(''))
  const given = Array.isArray(header) ? header.join(', ') : String(header)
  const value = edit(given)
  if (value !== given) res.setHeader(name, value)
}

function makeReportedPrivate(given: string, reporter: Reporter | undefined): string {
  const { value, removed } = makePrivate(given)
  if (removed.length > 0) {
    const names = removed.map((directive) => directive.split('=', 1)[0]).join(' and ')
    reporter?.report(
      'SESSIONWARE_CACHE_CONTROL',
      `cacheControl: a response that sets the session cookie had Cache-Control: ${given}; ${names} would let a cache give the cookie to other clients, so it is sent with: ${value}`,
      { given, sent: value },
    )
  }
  return value
}
