import { cookieKeeper } from '../store-guard/sealed-records'
import { OPTIONS } from './checks/report-names'
import { isLifetime, longestTouchAfter } from './lifetimes'
import type { MiddlewareOptions } from './session-options'

/**
 * Returns your options with the recommended settings for those that you have not set: `session(recommended({ secret, store }))`.
 * The attributes of `cookie` are filled in one by one, also if `cookie` is a function. An option that is undefined counts as
 * not set; `false` turns a timeout off, and 0 `touchAfter`.
 */
export function recommended<Options extends Partial<MiddlewareOptions> = object>(
  options?: Options | null,
): Options & Recommended {
  const yours: Recommended = valuesOf(options ?? {}, OPTIONS)
  const filled = { ...SETTINGS, ...yours, cookie: fillCookie(yours.cookie) }
  // `resave` writes unchanged sessions, and sessions in cookies have nothing to merge with.
  const cannotMerge = filled.resave || cookieKeeper(yours.store)
  if (cannotMerge && yours.saveMode === undefined) filled.saveMode = 'overwrite'
  fitIdleTimeout(filled, yours)
  fitTouchAfter(filled, yours)
  return filled as Options & Recommended
}

/** The settings that `recommended` fills in. */
export type Recommended = Partial<MiddlewareOptions>

const SETTINGS: Recommended = {
  // Only a changed session is written, so that a request does not undo what another one has saved meanwhile.
  resave: false,
  // A visitor without data gets neither a record nor a cookie.
  saveUninitialized: false,
  // `req.session = null` ends the session in the store, too.
  unset: 'destroy',
  // Only what a request has changed is saved, so that concurrent requests lose nothing.
  saveMode: 'merge',
  // One hour without a request, and one day in all (NIST SP 800-63B-4, 2.2.3: AAL2).
  idleTimeout: 60 * 60 * 1000,
  absoluteTimeout: 24 * 60 * 60 * 1000,
  // One write in a minute extends a session, not one in each request.
  touchAfter: 60 * 1000,
  // Logout deletes the browser's cookie, too.
  clearCookie: true,
  // A change of these settings, or of the secret, reaches the cookies of sessions that exist.
  refreshCookie: true,
  // No cache gives a session to another client (CVE-2023-30861).
  cacheControl: true,
  // The error handler answers where a session could not be saved, so that no login is lost without a word.
  failOnSaveError: true,
  // Five seconds: a store that does not answer keeps no request waiting for longer.
  storeTimeout: 5000,
}

/** Other sites' forms and frames do not carry the cookie. Over HTTPS, it is not sent without encryption. */
const COOKIE = { sameSite: 'lax', secure: 'auto' } as const

type CookieSource = MiddlewareOptions['cookie']

function fillCookie(cookie: CookieSource): CookieSource {
  if (typeof cookie === 'function') return (req) => fillAttributes(cookie(req))
  return fillAttributes(cookie)
}

/** `session()` rejects a cookie that is no object. */
function fillAttributes<T>(cookie: T): T {
  return typeof (cookie ?? {}) === 'object'
    ? ({ ...COOKIE, ...valuesOf((cookie ?? {}) as object) } as T)
    : cookie
}

function fitIdleTimeout(filled: Recommended, { idleTimeout, absoluteTimeout }: Recommended): void {
  // `session()` rejects two timeouts of yours that do not fit, and values that are no duration.
  if (idleTimeout !== undefined && absoluteTimeout !== undefined) return
  const { idleTimeout: idle, absoluteTimeout: absolute } = filled
  if (isLifetime(idle) && isLifetime(absolute) && idle > absolute) filled.idleTimeout = absolute
}

function fitTouchAfter(filled: Recommended, { touchAfter }: Recommended): void {
  if (touchAfter === undefined)
    filled.touchAfter = Math.min(filled.touchAfter as number, longestTouchAfter(filled))
}

/**
 * Returns the values that are not undefined. Like `session()`, it finds inherited ones: enumerable ones of any name, and those
 * of `names` in any case, such as the getters of a class.
 */
function valuesOf<T extends object>(options: T, names: readonly string[] = []): Partial<T> {
  const keys = new Set(names.filter((name) => name in options))
  for (const key in options) keys.add(key)
  const entries = [...keys].map((key) => [key, Reflect.get(options, key)])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<T>
}
