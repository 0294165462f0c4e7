import type { ServerResponse } from 'node:http'
import type { Cookie } from '../../cookie/cookie'
import {
  type BrowserHeaders,
  reportBlocked,
  reportCors,
  reportCrossSite,
  reportDomain,
  reportNotReturned,
  reportNotSecure,
  reportNotSent,
  reportPastExpiry,
  reportPrefix,
  reportTooLarge,
} from '../../diagnostics/cookie-texts'
import type { Reporter } from '../../diagnostics/reporter'
import { reportLikelySeconds } from '../../diagnostics/texts'
import type { Settings } from '../../options/settings'
import {
  coversHost,
  isNone,
  MAX_COOKIE_BYTES,
  missingForPrefix,
  needsSecure,
} from '../../policy/cookie-rules'
import { mustSetCookie } from '../../policy/decide'
import { looksLikeSeconds } from '../../policy/seconds'
import type { SessionRequest } from '../../session/attach'
import type { RequestSession } from '../../session/request-session'
import { browserHeaders, connectionFacts, header, hostOf, isForwarded } from './request-headers'
import type { ReturnWatch } from './return-watch'

/** Checks the cookie of a response whose headers are about to be built: whether it is sent, and whether browsers keep it. */
export function checkCookie(
  reporter: Reporter,
  settings: Settings,
  owner: RequestSession,
  res: ServerResponse,
  returns: ReturnWatch,
): void {
  const { req, ending } = owner
  const facts = ending?.cookieFacts
  if (!facts) return
  if (owner.head === 'with cookie') {
    checkKept(reporter, settings.name, owner.cookie as Cookie, ending?.cookie ?? '', req, res)
    // A request with a cookie of ours gets another one after a login, or in the place of one that has ended.
    if (!owner.tracker.sentId && reporter.wants('SESSIONWARE_COOKIE_NOT_RETURNED')) {
      const count = returns.noteSent(req)
      if (count >= UNRETURNED) reportNotReturned(reporter, count)
    }
  } else if (facts.hasSession && mustSetCookie(facts, settings, owner.cookie.expires != null)) {
    if (owner.cookie.secure) reportNotSent(reporter, connectionFacts(req, settings.proxy))
  }
}

/** How many new cookies a client gets before that is reported. */
const UNRETURNED = 3

function checkKept(
  reporter: Reporter,
  name: string,
  cookie: Cookie,
  line: string,
  req: SessionRequest,
  res: ServerResponse,
): void {
  const missing = missingForPrefix(name, cookie)
  if (missing) reportPrefix(reporter, missing)
  const attribute = needsSecure(cookie)
  if (attribute) reportNotSecure(reporter, attribute)
  const bytes = Buffer.byteLength(line.split(';', 1)[0] as string) - 1
  if (bytes > MAX_COOKIE_BYTES) reportTooLarge(reporter, bytes)
  checkLifetime(reporter, cookie)
  const host = hostOf(req)
  if (cookie.domain && host && !isForwarded(req) && !coversHost(cookie.domain, host)) {
    reportDomain(reporter, { domain: cookie.domain, host })
  }
  if (!attribute) checkSite(reporter, cookie, req, res)
}

function checkLifetime(reporter: Reporter, { expires, originalMaxAge }: Cookie): void {
  if (looksLikeSeconds(originalMaxAge))
    reportLikelySeconds(reporter, 'req.session.cookie.maxAge', originalMaxAge)
  // A `maxAge` of 0 or less is meant to delete the cookie.
  const isPast = expires instanceof Date && expires.getTime() <= Date.now()
  if (isPast && (originalMaxAge === null || originalMaxAge > 0)) reportPastExpiry(reporter, expires)
}

/** Checks whether the page that has made the request may keep the cookie (RFC 6265bis, 5.6; Storage Access API). */
function checkSite(reporter: Reporter, cookie: Cookie, req: SessionRequest, res: ServerResponse): void {
  const headers = browserHeaders(req)
  if (!headers.site || headers.site === 'same-origin' || headers.site === 'none') return
  if (headers.mode === 'cors') {
    const lacking = lackingCors(res)
    if (lacking) return reportCors(reporter, headers, lacking)
  }
  const isPage = headers.mode === 'navigate' && (headers.dest === 'document' || headers.dest === undefined)
  if (headers.site !== 'cross-site' || isPage) return
  if (!isNone(cookie.sameSite)) {
    if (cookie.sameSite || isChromium(req)) reportCrossSite(reporter, headers, describeSameSite(cookie))
  } else if (isBlocked(headers) && !cookie.partitioned) {
    reportBlocked(reporter, headers)
  }
}

/** The response headers without which a script of another origin does not get the answer of a request with credentials. */
function lackingCors(res: ServerResponse): string | undefined {
  const origin = String(res.getHeader('Access-Control-Allow-Origin') ?? '')
  if (origin === '' || origin === '*') return "Access-Control-Allow-Origin with the page's origin"
  const credentials = String(res.getHeader('Access-Control-Allow-Credentials') ?? '')
  return credentials === 'true' ? undefined : 'Access-Control-Allow-Credentials: true'
}

function isBlocked({ storageAccess }: BrowserHeaders): boolean {
  return storageAccess === 'none' || storageAccess === 'inactive'
}

/** Chromium takes a missing SameSite for Lax. */
function isChromium(req: SessionRequest): boolean {
  return header(req, 'sec-ch-ua') !== undefined || (header(req, 'user-agent') ?? '').includes('Chrome/')
}

function describeSameSite({ sameSite }: Cookie): string {
  if (!sameSite) return 'no SameSite, which the browser takes for Lax'
  return `SameSite=${sameSite === true ? 'Strict' : sameSite}`
}
