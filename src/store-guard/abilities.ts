import { readDuration } from '../cookie/attributes'
import { hasMarks } from '../cookie/record-cookie'
import type { SessionData, StoreLike } from '../types'
import { syncMethodOf } from './sync-methods'

/** Returns whether the store can touch a record. Asked at each request, since some stores get their methods late. */
export function canTouch(store: StoreLike): boolean {
  return typeof store.touch === 'function'
}

/**
 * Returns whether a touch may have moved the expiry of this record without changing the record itself. Many stores do
 * that; the synchronous `touch` of our stores changes the record.
 */
export function touchMovesExpiryOnly(store: StoreLike, { cookie }: SessionData): boolean {
  if (!canTouch(store) || syncMethodOf(store, 'touch')) return false
  return readDuration(cookie.originalMaxAge) !== undefined || hasMarks(cookie)
}

/** Returns whether the store has a `regenerate` of its own, not the one of the Store class. */
export function hasOwnRegenerate(store: StoreLike): boolean {
  const holders = holdersOf(store, 'regenerate')
  // Only a Store class, ours or that of express-session, defines `load` beside it.
  return holders.length > 1 || holders.some((holder) => holder === store || !Object.hasOwn(holder, 'load'))
}

/** Returns the objects of the prototype chain that have an own property of this name. */
function holdersOf(object: object, name: string): object[] {
  const holders: object[] = []
  for (let at: object | null = object; at; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) holders.push(at)
  }
  return holders
}
