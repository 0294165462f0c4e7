import { isDomain, isDuration, isPath, isPriority, isSameSite, readDate, readDuration } from './attributes'
import { Cookie } from './cookie'
import type { CookieData } from './cookie-data'

/**
 * Makes the cookie of a loaded session from the `cookie` object of its record. Each attribute is taken if it can be used,
 * otherwise it is dropped, so that no record makes `touch`, `save` or the `Set-Cookie` header fail later.
 */
export function restoreCookie(stored: CookieData): Cookie {
  // No destructuring: for a record without a cookie this throws the TypeError that express-session throws.
  const given: unknown = stored.expires
  const expires = readDate(given)
  const lifetime: unknown = stored.originalMaxAge
  const cookie = new Cookie()
  const data = asJson(stored)
  if (data) copyAttributes(cookie, data)
  if (expires) cookie._expires = expires
  cookie.originalMaxAge = readLifetime(lifetime, cookie)
  // An expiry that is no date: the lifetime starts again, as it would with the next touch.
  if (given && !expires && isDuration(cookie.originalMaxAge)) cookie.maxAge = cookie.originalMaxAge
  return cookie
}

/** Returns plain data. A store that keeps objects, not JSON, may give back the Cookie itself. */
function asJson(stored: CookieData): unknown {
  const { toJSON } = stored as Partial<Cookie>
  return typeof toJSON === 'function' ? toJSON.call(stored) : stored
}

function copyAttributes(cookie: Cookie, data: unknown): void {
  if (typeof data !== 'object') throw new TypeError('argument options must be a object')
  const source = data as Record<string, unknown>
  for (const key in source) {
    const value = source[key]
    if (value !== undefined) copyAttribute(cookie as never, key, value)
  }
}

function copyAttribute(target: Record<string, unknown>, key: string, value: unknown): void {
  const read = READERS.get(key)
  if (read) {
    const known = read(value)
    if (known !== undefined) target[key] = known
  } else if (!(key in Cookie.prototype)) {
    // An attribute that we do not know. Keys that would hide a member of the class are dropped.
    target[key] = value
  }
}

type Reader = (value: unknown) => unknown

/** Readers by attribute. They return what the value is taken for, or undefined to drop it. */
const READERS = new Map<string, Reader>([
  ['path', orUnset(isPath)],
  ['domain', orUnset(isDomain)],
  ['sameSite', orUnset(isSameSite)],
  ['priority', orUnset(isPriority)],
  ['httpOnly', readFlag],
  ['partitioned', readFlag],
  ['secure', (value) => (value === 'auto' ? value : readFlag(value))],
  ['maxAge', readDuration],
  ['_expires', readDate],
  // Read by `restoreCookie` itself.
  ['originalMaxAge', () => undefined],
])

/** Falsy values mean "not set", as for the `cookie` option. */
function orUnset(isFine: (value: unknown) => boolean): Reader {
  return (value) =>
    value === null || value === '' || value === false || value === 0 || isFine(value) ? value : undefined
}

function readFlag(value: unknown): boolean | null {
  return value === null ? value : Boolean(value)
}

/**
 * A lifetime that is no number of milliseconds is counted from the expiry, as when `cookie.expires` is set. After
 * `cookie.expires = false` a session has no lifetime, and its record may have an expiry nevertheless: with `idleTimeout`.
 */
function readLifetime(value: unknown, cookie: Cookie): number | null {
  if (value === undefined || value === null) return value as null
  if (value === false) return null
  return readDuration(value) ?? readDuration(cookie.maxAge) ?? null
}
