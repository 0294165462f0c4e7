import type { Request } from 'express'
import type { CookieOptions } from './cookie'
import type { IncomingRequest } from './incoming-request'

/** The `cookie` option: the attributes, or a function that gives them for a request. */
export type CookieSource = CookieOptions | ((req: Request) => CookieOptions)

/**
 * Checks the `cookie` option and returns a function that gives the attributes for a request. Throws a TypeError for a
 * wrong attribute; where the option is a function, its result is checked at each request.
 */
export function resolveCookieOptions(source: unknown): (req: IncomingRequest) => CookieOptions {
  if (typeof source === 'function') return (req) => checkCookieOptions(source(req) || {})
  const options = checkCookieOptions(source || {})
  return () => options
}

/** The longest lifetime in milliseconds. Added to the current time it is still a valid Date (ECMA-262, 21.4.1.1). */
const MAX_MS = 4e15

type Check = [name: keyof CookieOptions, isFine: (value: never) => boolean, remedy: string]

const CHECKS: Check[] = [
  [
    'maxAge',
    isMaxAge,
    'must be a finite number of milliseconds, or null for a cookie that ends with the browser',
  ],
  ['expires', (value: unknown) => value instanceof Date, 'must be a Date; or use cookie.maxAge'],
  ['domain', isDomain, 'must be the name of a host like "example.com", without a scheme or a port'],
  ['path', isPath, 'must be a string that starts with "/"'],
  [
    'secure',
    (value: unknown) => typeof value !== 'string' || value === 'auto',
    'must be true, false or "auto"',
  ],
  [
    'sameSite',
    oneOf('auto', 'lax', 'none', 'strict'),
    'must be "lax", "strict", "none", "auto", true or false',
  ],
  ['priority', oneOf('low', 'medium', 'high'), 'must be "low", "medium" or "high"'],
]

function checkCookieOptions(options: CookieOptions): CookieOptions {
  if (typeof options !== 'object')
    throw new TypeError('cookie option must be an object, or a function that returns one')
  for (const [name, isFine, remedy] of CHECKS) {
    const value = options[name]
    // Falsy values mean "not set", as in express-session. NaN is rejected; `maxAge: 0` is valid.
    if (!value && !Number.isNaN(value)) continue
    if (!isFine(value as never)) throw new TypeError(`cookie.${name} option ${remedy}; got ${show(value)}`)
  }
  return options
}

function isMaxAge(value: unknown): boolean {
  if (value instanceof Date) return true
  return typeof value === 'number' && Math.abs(value) <= MAX_MS
}

/** Accepts labels of letters, digits and hyphens (RFC 1034, 3.5). A leading dot is ignored (RFC 6265, 5.2.3). */
function isDomain(value: unknown): boolean {
  return typeof value === 'string' && /^(\.?[a-z\d-]+(\.[a-z\d-]+)*)?$/i.test(value)
}

/** Accepts what fits into a Set-Cookie attribute: no control characters, and no ";", which starts the next attribute. */
function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^(\/[\x20-\x3a\x3c-\x7e]*)?$/.test(value)
}

function oneOf(...words: string[]): (value: unknown) => boolean {
  return (value) => value === true || (typeof value === 'string' && words.includes(value.toLowerCase()))
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
