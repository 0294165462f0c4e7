import type { Done, StoreLike } from '../types'

/** A store whose keys are not the session ids: `hashIds` makes one around another store. */
export interface KeyedStore extends StoreLike {
  /** The store that has the records, by their keys. */
  readonly store: StoreLike
  /** Returns the key of the record of this id. */
  keyOf(sid: string): string
  /** Removes the record with this key. It is no error if there is none. */
  destroyKey(key: string, callback: Done): unknown
}

/** Returns the store as a KeyedStore, if it is one. */
export function asKeyed(store: StoreLike): KeyedStore | undefined {
  const { keyOf, destroyKey } = store as Partial<KeyedStore>
  return typeof keyOf === 'function' && typeof destroyKey === 'function' ? (store as KeyedStore) : undefined
}

/** Returns the store that has the records: the one inside a KeyedStore, or the store itself. */
export function recordStoreOf(store: StoreLike): StoreLike {
  return asKeyed(store)?.store ?? store
}
