import { isSameLifetime } from '../policy/version'
import type { Cookie } from './cookie'
import type { ConfiguredCookie } from './cookie-data'

/** What has changed of a cookie. A 'moved' one is another cookie for the browser, which still has the old one. */
export type Refreshed = 'same' | 'changed' | 'moved'

/**
 * Gives a loaded cookie the attributes that the options of today give, and returns what has changed. What the application
 * gave this one session stays: that is what differs from the options under which the cookie was made. A cookie that does
 * not know these, since `refreshCookie` was off then, keeps its lifetime and gets all other attributes.
 */
export function refreshCookie(cookie: Cookie, today: ConfiguredCookie): Refreshed {
  const { configured } = cookie
  cookie.configured = today
  // The same object, where the store has kept it.
  if (configured === today) return 'same'
  const before = typeof configured === 'object' && configured !== null ? configured : undefined
  let result = refreshLifetime(cookie, before, today)
  for (const name of ATTRIBUTES) {
    const value = read(name, today)
    const current = read(name, cookie)
    if (current === value || (before && current !== read(name, before))) continue
    Object.assign(cookie, { [name]: today[name] })
    if (name === 'path' || name === 'domain' || name === 'partitioned') result = 'moved'
    else if (result === 'same') result = 'changed'
  }
  return result
}

/** Returns the attributes that the options gave a new cookie. */
export function configuredBy({ data }: Cookie, hasFixedEnd: boolean): ConfiguredCookie {
  const { expires: _, originalMaxAge, ...attributes } = data
  // A lifetime until a fixed date is different for each session.
  return hasFixedEnd ? attributes : { ...attributes, originalMaxAge: originalMaxAge ?? null }
}

function refreshLifetime(
  cookie: Cookie,
  before: ConfiguredCookie | undefined,
  { originalMaxAge }: ConfiguredCookie,
): Refreshed {
  const previous = before?.originalMaxAge
  const isConfigured = previous !== undefined && isSameLifetime(cookie.originalMaxAge, previous)
  if (!isConfigured || originalMaxAge === undefined || isSameLifetime(previous, originalMaxAge)) return 'same'
  if (originalMaxAge === null) cookie.expires = null
  else cookie.maxAge = originalMaxAge
  return 'changed'
}

const ATTRIBUTES = ['path', 'domain', 'secure', 'httpOnly', 'sameSite', 'partitioned', 'priority'] as const

/** Returns the value of an attribute in one spelling. Falsy values mean "not set". */
function read(name: (typeof ATTRIBUTES)[number], cookie: Partial<ConfiguredCookie>): unknown {
  const value: unknown = cookie[name]
  switch (name) {
    case 'secure':
    case 'httpOnly':
    case 'partitioned':
      return Boolean(value)
    case 'sameSite':
    case 'priority':
      if (value === true) return 'strict'
      return typeof value === 'string' ? value.toLowerCase() : ''
    default:
      return value || undefined
  }
}
