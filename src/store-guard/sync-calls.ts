import type { Cookie } from '../cookie/cookie'
import { startOf } from '../cookie/record-cookie'
import { isOver, type Limits } from '../policy/lifetime'
import type { Version } from '../policy/version'
import type { SessionData } from '../types'
import { canCompare } from './abilities'
import { endedBy } from './ended-by'
import type { GuardedStore } from './guarded-store'
import type { IdState } from './id-state'
import { type SyncRecord, syncMethodOf } from './sync-methods'

/** The callback of `load`. */
export type LoadDone = (
  err?: unknown,
  record?: SessionData | null,
  snapshot?: string,
  startedAt?: number,
) => void

/**
 * Does what `get` does, synchronously if the store can. Then the record has only its cookie, and `snapshot` is the JSON of
 * the rest.
 */
export function load(
  guarded: GuardedStore,
  sid: string,
  callback: LoadDone,
  state = guarded.ids.join(sid),
  limits?: Limits,
): void {
  const { store, watch } = guarded
  const getSync = syncMethodOf(store, 'get')
  if (!getSync) return guarded.get(sid, callback, state, limits)
  if (state.isDestroyed) return callback()
  const found = watch ? watch('get', undefined, () => getSync.call(store, sid)) : getSync.call(store, sid)
  if (!found) return callback()
  const { cookie, snapshot, startedAt, isExpired } = found
  const isEnded = limits !== undefined && hasEnded(found, limits)
  // The records of such a store have no mark of `idleTimeout`.
  if (isEnded || isExpired) state.endedBy = endedBy({ ...cookie, startedAt }, limits, true)
  if (isExpired) return callback()
  if (isEnded) return guarded.destroyExpired(sid, callback, state)
  callback(undefined, { cookie: cookie as Cookie }, snapshot, startedAt)
}

/** Writes synchronously; returns false if the store cannot. */
export function setSync(
  { store, ids, watch }: GuardedStore,
  sid: string,
  cookie: unknown,
  snapshot: string,
  state = ids.join(sid),
): boolean {
  const method = syncMethodOf(store, 'set')
  if (!method) return false
  if (state.isDestroyed) return true
  ids.list(sid, state)
  if (watch) watch('set', { cookie, snapshot }, () => method.call(store, sid, cookie, snapshot))
  else method.call(store, sid, cookie, snapshot)
  return true
}

/** Touches synchronously; returns false if the store cannot. */
export function touchSync({ store, watch }: GuardedStore, sid: string, cookie: unknown): boolean {
  const method = syncMethodOf(store, 'touch')
  if (watch && method) watch('touch', undefined, () => method.call(store, sid, cookie))
  else method?.call(store, sid, cookie)
  return method !== undefined
}

/** Calls `compareAndSet` synchronously; returns undefined if the store cannot. */
export function compareAndSetSync(
  guarded: GuardedStore,
  sid: string,
  cookie: unknown,
  snapshot: string,
  loaded: Version | undefined,
  state: IdState = guarded.ids.join(sid),
  limits?: Limits,
): boolean | SyncRecord | undefined {
  const { store, ids, watch } = guarded
  const method = syncMethodOf(store, 'compareAndSet')
  if (!method || !canCompare(store)) return undefined
  if (state.isDestroyed) return false
  ids.list(sid, state)
  const write = () => method.call(store, sid, cookie, snapshot, loaded)
  const outcome = watch ? watch('compareAndSet', { cookie, snapshot }, write) : write()
  if (typeof outcome === 'boolean' || !limits || !hasEnded(outcome, limits)) return outcome
  guarded.destroyExpired(sid, () => {}, state)
  return false
}

/** Returns whether the absolute timeout of a record is over. The store has checked its expiry. */
function hasEnded({ cookie, startedAt }: SyncRecord, limits: Limits): boolean {
  return isOver(limits, startedAt ?? startOf(cookie), Date.now())
}
