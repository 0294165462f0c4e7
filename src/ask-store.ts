import { callMethod, type Method } from './call-method'
import { type Answer, once } from './once'
import type { StoreLike } from './types'

/** Calls a method of a store that may take its time: it is answered exactly once, whatever the store does. */
export function askStore(store: StoreLike, name: keyof StoreLike, args: unknown[], callback: Answer): void {
  const answer = once(callback)
  try {
    callMethod(store, store[name] as Method, args, answer)
  } catch (err) {
    answer(err ?? new Error(`the session store's ${name} threw without an error`))
  }
}

/** Stores of files answer so where there is no record. */
export function isMissing(err: unknown): boolean {
  return (err as { code?: unknown } | null | undefined)?.code === 'ENOENT'
}
