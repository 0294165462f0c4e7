import { callStore, isMissing } from '../store-guard/call-store'
import { guardedStore } from '../store-guard/guarded-store'
import { asKeyed } from '../store-guard/keyed-store'
import type { Done, StoreLike } from '../types'

/** Calls a method of a store, which may answer by callback or by promise. */
export function ask(store: StoreLike, name: string, ...args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    callStore(store, name as keyof StoreLike, args, (err, value) => (err ? reject(err) : resolve(value)))
  })
}

/** Removes the record with this key. Requests of the session in this process do not write it again. */
export function destroyByKey(store: StoreLike, key: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done: Done = (err) => (err && !isMissing(err) ? reject(err) : resolve())
    const keyed = asKeyed(store)
    if (keyed) keyed.destroyKey(key, done)
    else guardedStore(store).destroy(key, done)
  })
}
