import type { Request } from 'express'
import type { SessionRequest } from '../session/attach'
import type { CookieOptions } from './cookie'

/** The `cookie` option: the attributes, or a function that gives them for a request. */
export type CookieSource = CookieOptions | ((req: Request) => CookieOptions)

/** Checks the option and gives what answers for each request. A function's result is checked when it comes. */
export function resolveCookieOptions(source: unknown): (req: SessionRequest) => CookieOptions {
  if (typeof source === 'function') return (req) => checkCookieOptions(source(req) || {})
  const options = checkCookieOptions(source || {})
  return () => options
}

/** The longest time from now that a Date can tell is far beyond this (ECMA-262, 21.4.1.1). */
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
    // What is falsy has always stood for "not set"; but NaN is a mistake, and 0 a lifetime.
    if (!value && !Number.isNaN(value)) continue
    if (!isFine(value as never)) throw new TypeError(`cookie.${name} option ${remedy}; got ${show(value)}`)
  }
  return options
}

function isMaxAge(value: unknown): boolean {
  if (value instanceof Date) return true
  return typeof value === 'number' && Math.abs(value) <= MAX_MS
}

/** Labels of letters, digits and hyphens (RFC 1034, 3.5); a dot before them is ignored (RFC 6265, 5.2.3). */
function isDomain(value: unknown): boolean {
  return typeof value === 'string' && /^(\.?[a-z\d-]+(\.[a-z\d-]+)*)?$/i.test(value)
}

/** What a Set-Cookie attribute can carry: no control character, and nothing that starts another attribute. */
function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^(\/[\x20-\x3a\x3c-\x7e]*)?$/.test(value)
}

function oneOf(...words: string[]): (value: unknown) => boolean {
  return (value) => value === true || (typeof value === 'string' && words.includes(value.toLowerCase()))
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
