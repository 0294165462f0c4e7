import { readDuration } from '../cookie/attributes'
import { hasMarks } from '../cookie/record-cookie'
import type { SessionData, StoreLike } from '../types'
import { asKeyed } from './keyed-store'
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

/**
 * Returns whether the store has a `compareAndSet` that may be called instead of its `set`. A subclass, an application or a
 * spy may have replaced `set` alone, to encrypt the records for example: then that one must write.
 */
export function canCompare(store: StoreLike): boolean {
  const { set, compareAndSet } = store
  if (typeof compareAndSet !== 'function') return false
  const partner = partners.get(compareAndSet)
  const belongs = partner ? set === partner : isAsDeep(store)
  const inner = asKeyed(store)?.store
  return belongs && (inner === undefined || canCompare(inner))
}

/**
 * Returns whether `compareAndSet` is from the same object of the prototype chain as `set`, or from a nearer one: a subclass.
 * False where a proxy gives a `set` that none of these objects has.
 */
function isAsDeep(store: StoreLike): boolean {
  const depth = depthOf(store, 'set')
  return depth >= 0 && depth >= depthOf(store, 'compareAndSet')
}

/** Notes that this `compareAndSet` writes in the same way as this `set`. */
export function pairWithSet(compareAndSet: object, set: unknown): void {
  partners.set(compareAndSet, set)
}

/** The `set` of each `compareAndSet` of ours. Those of other stores belong together if the same class has both. */
const partners = new WeakMap<object, unknown>()

/** Returns how far up the prototype chain the method comes from; -1 if a proxy gives it. */
function depthOf(store: StoreLike, name: 'set' | 'compareAndSet'): number {
  const method = store[name]
  const depths = chainOf(store).map((at) => Object.getOwnPropertyDescriptor(at, name)?.value === method)
  return depths.lastIndexOf(true)
}

/** Returns whether the store has a `regenerate` of its own, not the one of the Store class. */
export function hasOwnRegenerate(store: StoreLike): boolean {
  const holders = holdersOf(store, 'regenerate')
  // Only a Store class, ours or that of express-session, defines `load` beside it.
  return holders.length > 1 || holders.some((holder) => holder === store || !Object.hasOwn(holder, 'load'))
}

/** Returns the objects of the prototype chain that have an own property of this name. */
export function holdersOf<T extends object>(object: T, name: string): T[] {
  return chainOf(object).filter((at) => Object.hasOwn(at, name))
}

function chainOf<T extends object>(object: T): T[] {
  const chain: T[] = []
  for (let at: T | null = object; at; at = Object.getPrototypeOf(at)) chain.push(at)
  return chain
}
