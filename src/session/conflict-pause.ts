import { setTimeout as pause } from 'node:timers/promises'
import type { GuardedStore } from '../store-guard/guarded-store'
import { syncMethodOf } from '../store-guard/sync-methods'

/**
 * Waits before a write is tried again because another process was faster: not at all the first time, then for a random time
 * that may be longer each time. Without it, processes that all try again at once keep each other from getting through.
 * Resolves to whether it has waited: what is stored may have changed meanwhile.
 */
export async function pauseAfterConflict({ store }: GuardedStore, attempt: number): Promise<boolean> {
  // No other process writes to a store in the memory of this one.
  if (attempt === 1 || syncMethodOf(store, 'compareAndSet')) return false
  await pause(Math.random() * Math.min(STEP * (attempt - 1), LONGEST))
  return true
}

/** In milliseconds. A write takes about one on a store in the same network. */
const STEP = 8
const LONGEST = 160
