import { isDuration } from '../cookie/attributes'
import { recordStoreOf } from '../store-guard/keyed-store'
import { MemoryStore, ttlOf } from '../stores/memory/memory-store'
import type { MiddlewareOptions } from './session-options'

/** Returns the lifetimes of a session, in milliseconds and by name, that are known before there is a request. */
export function lifetimesOf(options: Partial<MiddlewareOptions>): [name: string, ms: number][] {
  const { idleTimeout, absoluteTimeout, cookie, store } = options
  const maxAge = typeof cookie === 'function' ? undefined : cookie?.maxAge
  const known: [string, unknown][] = [
    ['idleTimeout', idleTimeout],
    ['absoluteTimeout', absoluteTimeout],
    ['cookie.maxAge', maxAge],
  ]
  const lifetimes = known.filter((pair): pair is [string, number] => isLifetime(pair[1]))
  // The store's own lifetime is for sessions without an expiry.
  const inner = store && recordStoreOf(store)
  if (lifetimes.length === 0 && inner instanceof MemoryStore)
    lifetimes.push(['the ttl of the store', ttlOf(inner)])
  return lifetimes
}

/** Returns whether a value is a lifetime in which something can happen: a duration of more than 0. */
export function isLifetime(value: unknown): value is number {
  return isDuration(value) && value > 0
}

/**
 * Returns the longest `touchAfter` with which a session is touched at least ten times in its shortest lifetime. Infinity if
 * sessions have no lifetime.
 */
export function longestTouchAfter(options: Partial<MiddlewareOptions>): number {
  return Math.min(...lifetimesOf(options).map(([, lifetime]) => lifetime)) / 10
}
