import type { Cookie, CookieOptions } from '../cookie/cookie'
import { isSecure } from '../cookie/incoming-request'
import { refreshCookie } from '../cookie/refresh-cookie'
import type { SessionOwner } from './attach'

/** The option `refreshCookie` in one request: gives a loaded cookie the attributes of today's options. */
export class CookieRefresh {
  /** The browser needs the cookie again. */
  isOutdated = false
  /** The browser's cookie, where the new one has another path, domain or partition and does not replace it. */
  movedFrom: Cookie | undefined

  constructor(private readonly owner: Refresher) {}

  /** Changes nothing if this connection could not carry the cookie. */
  refresh(cookie: Cookie): void {
    const { owner } = this
    const { req, settings, tracker } = owner
    const today = settings.configuredFor?.(owner.cookieOptions, req)
    // With 'auto', a cookie that HTTPS has made secure stays so.
    const needsHttps = today?.secure || (cookie.secure && owner.cookieOptions.secure === 'auto')
    if (!today || (needsHttps && !isSecure(req, settings.proxy))) return
    const result = refreshCookie(cookie, today)
    if (result !== 'same') tracker.requireSave()
    this.isOutdated ||= result !== 'same' || tracker.sentId?.isOld === true
    if (result === 'moved') this.movedFrom = owner.sentCookie
  }
}

/** The parts of a request's session that this needs. */
interface Refresher extends SessionOwner {
  readonly cookieOptions: CookieOptions
  /** The cookie of the record that the session was loaded from, as the browser has it. */
  readonly sentCookie: Cookie | undefined
}
