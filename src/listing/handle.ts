import { createHash } from 'node:crypto'
import { asKeyed } from '../store-guard/keyed-store'
import type { StoreLike } from '../types'

/**
 * Returns the handle of a session: a hash of the store's key, so that a page shows neither an id nor a key. The text before
 * it keeps a handle apart from the keys of `hashIds`. 128 bits are enough to tell sessions apart.
 */
export function handleOf(key: string): string {
  return createHash('sha256').update(`session handle ${key}`).digest().toString('base64url', 0, 16)
}

/** Returns the store's key of this id. */
export function keyOf(store: StoreLike, sid: string): string {
  return asKeyed(store)?.keyOf(sid) ?? sid
}
