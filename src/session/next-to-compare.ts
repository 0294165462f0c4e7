import { promises } from 'node:timers'
import type { GuardedStore } from '../store-guard/guarded-store'
import { syncMethodOf } from '../store-guard/sync-methods'

/**
 * Called when `compareAndSet` has answered with another record instead of writing. Resolves to what to compare with at the
 * next try: that record the first time, and later what `read` gives after a pause. The pause is random, and may be longer
 * each time: processes that all try again at once are refused again and again.
 */
export async function nextToCompare<T>(
  { store }: GuardedStore,
  attempt: number,
  refusedBy: T,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  // No other process writes to a store in the memory of this one.
  if (attempt === 1 || syncMethodOf(store, 'compareAndSet')) return refusedBy
  await pause(Math.random() * Math.min(STEP * (attempt - 1), LONGEST))
  return read()
}

/** Node's own: a test that replaces the global timers need not know of this one. */
const { setTimeout: pause } = promises

/** In milliseconds. A write takes about one on a store in the same network. */
const STEP = 8
const LONGEST = 160
