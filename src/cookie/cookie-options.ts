import type { Request } from 'express'
import { reportText } from '../diagnostics/report-text'
import type { Reporter } from '../diagnostics/reporter'
import { show } from '../diagnostics/show'
import { isDomain, isDuration, isPath, isPriority, isSameSite } from './attributes'
import type { AnyCookieOptions, CookieOptions } from './cookie'
import type { IncomingRequest } from './incoming-request'

/** The `cookie` option: the attributes, or a function that gives them for a request. */
export type CookieSource<Options = CookieOptions> = Options | ((req: Request) => Options)

/** The same with a `maxAge` that may be null. */
export type AnyCookieSource = CookieSource<AnyCookieOptions>

/**
 * Checks the `cookie` option and returns a function that gives the attributes for a request. Throws a TypeError for a
 * wrong attribute; where the option is a function, its result is checked at each request.
 */
export function resolveCookieOptions(
  source: unknown,
  reporter?: Reporter,
): (req: IncomingRequest) => CookieOptions {
  if (typeof source === 'function') return (req) => checkCookieOptions(source(req) || {}, reporter)
  const options = checkCookieOptions(source || {}, reporter)
  return () => options
}

type Check = [name: keyof CookieOptions, isFine: (value: unknown) => boolean, remedy: string]

const CHECKS: Check[] = [
  [
    'maxAge',
    (value) => isDuration(value) || (value instanceof Date && !isInvalid(value)),
    'must be a finite number of milliseconds, or null for a cookie that ends with the browser',
  ],
  [
    'expires',
    (value) => isDuration(value) || value instanceof Date,
    'must be a valid Date; or use cookie.maxAge',
  ],
  ['domain', isDomain, 'must be the name of a host like "example.com", without a scheme or a port'],
  ['path', (value) => isPath(value) && value.startsWith('/'), 'must be a string that starts with "/"'],
  [
    'sameSite',
    (value) => isSameSite(value) || (typeof value === 'string' && value.toLowerCase() === 'auto'),
    'must be "lax", "strict", "none", "auto", true or false',
  ],
  ['priority', isPriority, 'must be "low", "medium" or "high"'],
]

function checkCookieOptions(options: CookieOptions, reporter: Reporter | undefined): CookieOptions {
  if (typeof options !== 'object')
    throw new TypeError(
      `cookie option must be an object, or a function that returns one; got ${show(options)}`,
    )
  for (const [name, isFine, remedy] of CHECKS) {
    const value = options[name]
    // Falsy values mean "not set", as in express-session. NaN is rejected; `maxAge: 0` is valid.
    if (!value && !Number.isNaN(value)) continue
    if (!isFine(value)) throw new TypeError(`cookie.${name} option ${remedy}; got ${show(value)}`)
  }
  if (reporter?.isOn) reportCookie(options, reporter)
  return options
}

/** Reports values that work as in express-session, but have a better spelling. */
function reportCookie({ expires, secure, httpOnly, partitioned }: CookieOptions, reporter: Reporter): void {
  if (expires && typeof expires === 'number') {
    reporter.report(
      'SESSIONWARE_COOKIE_EXPIRES',
      'cookie.expires option is a number, which counts as milliseconds from now: use cookie.maxAge, or a Date',
    )
  }
  // An error of each response that sets the cookie, as in express-session.
  if (expires instanceof Date && isInvalid(expires)) {
    reporter.report(
      'SESSIONWARE_COOKIE_EXPIRES',
      'cookie.expires option is an invalid Date, so no cookie can be sent: use cookie.maxAge, or a valid Date',
    )
  }
  if (secure !== 'auto') reportText(reporter, 'cookie.secure', secure)
  reportText(reporter, 'cookie.httpOnly', httpOnly)
  reportText(reporter, 'cookie.partitioned', partitioned)
}

function isInvalid(date: Date): boolean {
  return Number.isNaN(date.getTime())
}
