import type { StoreLike } from '../types'

/** Returns the name of a store's class, for messages. A plain object and a class without a name are 'a store'. */
export function storeName(store: StoreLike): string {
  const name: unknown = store.constructor?.name
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'a store'
}
