import type { Reporter } from './reporter'

/** The diagnostics about the cookie: why browsers do not get it, or do not keep it. */

export function reportPrefix(reporter: Reporter, detail: { prefix: string; missing: string[] }): void {
  reporter.report(
    'SESSIONWARE_COOKIE_PREFIX',
    `browsers refuse the session cookie, because its name begins with ${detail.prefix} and it lacks ${detail.missing.join(', ')}: set that in the cookie option, or use another name`,
    detail,
  )
}

export function reportNotSecure(reporter: Reporter, attribute: string): void {
  reporter.report(
    'SESSIONWARE_COOKIE_NOT_SECURE',
    `browsers refuse the session cookie, because it has ${attribute} without Secure: set cookie.secure to true and use HTTPS (browsers accept Secure on http://localhost, too)`,
    { attribute },
  )
}

export function reportPastExpiry(reporter: Reporter, expires: Date): void {
  reporter.report(
    'SESSIONWARE_COOKIE_EXPIRES',
    `cookie.expires is the fixed date ${expires.toISOString()}, which is over, so browsers delete the cookie at once: use cookie.maxAge, a lifetime in milliseconds`,
    { expires: expires.toISOString() },
  )
}

export function reportTooLarge(reporter: Reporter, bytes: number): void {
  reporter.report(
    'SESSIONWARE_COOKIE_TOO_LARGE',
    `the name and the value of the session cookie have ${bytes} bytes, and browsers refuse more than 4096: let genid give shorter ids`,
    { bytes },
  )
}

export function reportDomain(reporter: Reporter, detail: { domain: string; host: string }): void {
  reporter.report(
    'SESSIONWARE_COOKIE_DOMAIN',
    `browsers refuse the session cookie, because cookie.domain is ${JSON.stringify(detail.domain)} and the request was for ${JSON.stringify(detail.host)}: remove cookie.domain, or set it to this host or its parent`,
    detail,
  )
}

/** What the headers of a request and the settings say about its connection. */
export interface ConnectionFacts {
  /** The option `proxy`. */
  readonly proxy: boolean | undefined
  /** Express's setting. Undefined without Express. */
  readonly trustProxy: string | undefined
  /** The header that a proxy has added, like 'X-Forwarded-Proto: https'. */
  readonly forwarded: string | undefined
  /** What shows that the browser uses HTTPS, like 'Origin: https://...'. */
  readonly browser: string | undefined
}

export function reportNotSent(reporter: Reporter, detail: ConnectionFacts): void {
  reporter.report(
    'SESSIONWARE_COOKIE_NOT_SENT',
    `the session cookie was not sent, because cookie.secure is true and the request came over plain HTTP as far as this process knows (${showConnection(detail)}): ${remedyFor(detail)}`,
    { ...detail },
  )
}

function showConnection({ proxy, trustProxy, forwarded, browser }: ConnectionFacts): string {
  const seen = [forwarded ?? 'no X-Forwarded-Proto', browser, `proxy option: ${proxy}`]
  if (trustProxy !== undefined) seen.push(`trust proxy: ${trustProxy}`)
  return seen.filter(Boolean).join(', ')
}

function remedyFor({ proxy, trustProxy, forwarded, browser }: ConnectionFacts): string {
  const isHttps = forwarded?.toLowerCase().includes('https') ?? false
  if (isHttps && proxy === false) return 'remove proxy: false, and trust the proxy that ends TLS'
  if (isHttps && forwarded?.startsWith('X-Forwarded-Proto')) {
    return trustProxy === undefined
      ? 'set proxy: true, if a proxy of yours sets this header'
      : "call app.set('trust proxy', 1), or set proxy: true, if a proxy of yours sets this header"
  }
  if (forwarded && !isHttps) return 'the proxy was asked over plain HTTP: redirect to HTTPS there'
  if (isHttps || browser) {
    return "let the proxy that ends TLS set X-Forwarded-Proto, and call app.set('trust proxy', 1)"
  }
  return "use HTTPS, or secure: 'auto' where plain HTTP is meant; behind a proxy that ends TLS, let it set X-Forwarded-Proto and call app.set('trust proxy', 1)"
}

/** The headers by which a browser describes the page that a request comes from (Fetch Metadata, Storage Access API). */
export interface BrowserHeaders {
  readonly site: string | undefined
  readonly mode: string | undefined
  readonly dest: string | undefined
  readonly storageAccess: string | undefined
  readonly origin: string | undefined
}

function showBrowser({ site, mode, dest, storageAccess, origin }: BrowserHeaders): string {
  return [
    site && `Sec-Fetch-Site: ${site}`,
    mode && `Sec-Fetch-Mode: ${mode}`,
    dest && `Sec-Fetch-Dest: ${dest}`,
    storageAccess && `Sec-Fetch-Storage-Access: ${storageAccess}`,
    origin && `Origin: ${origin}`,
  ]
    .filter(Boolean)
    .join(', ')
}

export function reportCrossSite(reporter: Reporter, headers: BrowserHeaders, sameSite: string): void {
  reporter.report(
    'SESSIONWARE_COOKIE_CROSS_SITE',
    `the browser does not keep the session cookie, because another site's page has made the request (${showBrowser(headers)}) and the cookie has ${sameSite}: serve both from one site, or set cookie: { sameSite: 'none', secure: true, partitioned: true }`,
    { ...headers, sameSite },
  )
}

export function reportBlocked(reporter: Reporter, headers: BrowserHeaders): void {
  const remedy =
    headers.storageAccess === 'inactive'
      ? 'call document.requestStorageAccess() in the page, or set cookie.partitioned to true'
      : 'set cookie.partitioned to true (CHIPS), or call document.requestStorageAccess() in the page after a click'
  reporter.report(
    'SESSIONWARE_COOKIE_BLOCKED',
    `the browser blocks the session cookie as a third-party cookie (${showBrowser(headers)}): ${remedy}`,
    { ...headers },
  )
}

export function reportCors(reporter: Reporter, headers: BrowserHeaders, missing: string): void {
  reporter.report(
    'SESSIONWARE_COOKIE_CORS',
    `a script of another origin has made the request (${showBrowser(headers)}), and the response has no ${missing}, so the browser neither keeps the session cookie nor shows the answer to a request with credentials: use cors({ origin: '${headers.origin ?? 'https://...'}', credentials: true }) and fetch(url, { credentials: 'include' })`,
    { ...headers, missing },
  )
}

export function reportNotReturned(reporter: Reporter, count: number): void {
  reporter.report(
    'SESSIONWARE_COOKIE_NOT_RETURNED',
    `one client has got ${count} new session cookies within a minute and has sent none of them back: look at its cookies in the browser's developer tools; a script needs credentials: 'include', curl needs -b and -c`,
    { count },
  )
}
