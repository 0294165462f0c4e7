import { reportNotSecure, reportPastExpiry, reportPrefix } from '../../diagnostics/cookie-texts'
import type { Reporter } from '../../diagnostics/reporter'
import { missingForPrefix, needsSecure } from '../../policy/cookie-rules'
import type { MiddlewareOptions } from '../session-options'

/** Reports a cookie that no browser keeps. 'auto' attributes are checked when a cookie is sent. */
export function reportCookieRules(
  { cookie }: Partial<MiddlewareOptions>,
  name: string,
  reporter: Reporter,
): void {
  if (typeof cookie === 'function') return
  const given = cookie || {}
  const missing = missingForPrefix(name, { httpOnly: true, path: '/', ...given })
  if (missing) reportPrefix(reporter, missing)
  const attribute = needsSecure(given)
  if (attribute) reportNotSecure(reporter, attribute)
  if (given.expires instanceof Date && given.expires.getTime() <= Date.now()) {
    reportPastExpiry(reporter, given.expires)
  }
}
