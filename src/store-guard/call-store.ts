import type { StoreLike } from '../types'
import { callMethod, type Method } from './call-method'
import { type Answer, once } from './once'

/**
 * Calls a method of a store that may take its time: it is answered exactly once, whatever the store does. What the
 * callback throws is thrown at the caller where the store answered in the same tick, but never in the store's own code.
 */
export function askStore(store: StoreLike, name: keyof StoreLike, args: unknown[], callback: Answer): void {
  let early: Parameters<Answer> | undefined
  let later: Answer | undefined
  const answer: Answer = (err, value) => {
    if (later) later(err, value)
    else early ??= [err, value]
  }
  try {
    callMethod(store, store[name] as Method, args, answer)
  } catch (err) {
    answer(err ?? new Error(`the session store's ${name} threw without an error`))
  }
  if (early) callback(...early)
  else later = once(callback)
}

/** Stores of files answer so where there is no record. */
export function isMissing(err: unknown): boolean {
  return (err as { code?: unknown } | null | undefined)?.code === 'ENOENT'
}
