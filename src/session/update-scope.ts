import { AsyncLocalStorage } from 'node:async_hooks'
import type { GuardedStore } from '../store-guard/guarded-store'

/** A `change` of `updateSession` that runs, and the one that it was called in. */
interface Scope {
  readonly store: GuardedStore
  readonly sid: string
  isOver: boolean
  readonly outer: Scope | undefined
}

const scopes = new AsyncLocalStorage<Scope>()

/** Calls `change`. Until it is done, `isInUpdate` is true for the code that it calls, in this tick or later. */
export async function inUpdate<T>(
  store: GuardedStore,
  sid: string,
  change: () => T | PromiseLike<T>,
): Promise<T> {
  const scope: Scope = { store, sid, isOver: false, outer: scopes.getStore() }
  try {
    return await scopes.run(scope, change)
  } finally {
    scope.isOver = true
  }
}

/** Returns whether the caller is called by a `change` of the same session. Views of one store have the same `turns`. */
export function isInUpdate(store: GuardedStore, sid: string): boolean {
  for (let scope = scopes.getStore(); scope; scope = scope.outer) {
    if (!scope.isOver && scope.store.turns === store.turns && scope.sid === sid) return true
  }
  return false
}

/** Returns whether that `change` also holds the turn that a save would wait for. */
export function isHeldByUpdate(store: GuardedStore, sid: string): boolean {
  return !store.comparison.isPossible && isInUpdate(store, sid)
}
