import { types } from 'node:util'

/** Which values the attributes of a cookie can have, so that `Set-Cookie` can be written with them. */

/** The longest lifetime in milliseconds. Added to the current time it is still a valid Date (ECMA-262, 21.4.1.1). */
const MAX_MS = 8.63e15

/** A finite number of milliseconds, negative ones included, that leads to a valid Date. */
export function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_MS
}

/** Returns the milliseconds that a stored value means: some databases return numbers as text or as BigInt. */
export function readDuration(value: unknown): number | undefined {
  const isOther = (typeof value === 'string' && value.trim() !== '') || typeof value === 'bigint'
  const ms = isOther ? Number(value) : value
  return isDuration(ms) ? ms : undefined
}

/** Returns a copy of the Date that a stored value means: JSON has text, and some stores keep milliseconds. */
export function readDate(value: unknown): Date | undefined {
  if (!value || (typeof value !== 'string' && typeof value !== 'number' && !types.isDate(value)))
    return undefined
  const date = new Date(value as Date)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** The pattern is the one of the `cookie` package: labels of letters, digits and hyphens (RFC 1034, 3.5). */
export function isDomain(value: unknown): value is string {
  return typeof value === 'string' && DOMAIN.test(value)
}

/** Accepts what the `cookie` package accepts: no control characters, no "<", and no ";", which starts the next attribute. */
export function isPath(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x3a\x3d-\x7e]*$/.test(value)
}

export function isSameSite(value: unknown): value is true | 'lax' | 'strict' | 'none' {
  return value === true || isOneOf(value, 'lax', 'strict', 'none')
}

export function isPriority(value: unknown): value is 'low' | 'medium' | 'high' {
  return isOneOf(value, 'low', 'medium', 'high')
}

/** A leading dot is ignored by browsers (RFC 6265, 5.2.3). A label has at most 63 characters. */
const DOMAIN = /^\.?[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i

function isOneOf(value: unknown, ...words: string[]): boolean {
  return typeof value === 'string' && words.includes(value.toLowerCase())
}
