import { show } from '../../diagnostics/show'
import { asKeyed } from '../../store-guard/keyed-store'
import { cookieKeeper } from '../../store-guard/sealed-records'
import type { StoreLike } from '../../types'
import { checkNames } from '../check-names'

/** Throws a TypeError for a store that `hashIds` cannot use, with the remedy. */
export function checkInner(store: unknown): StoreLike {
  if (typeof store === 'function')
    throw new TypeError('hashIds needs a store, not its class: make one with `new`')
  const methods = (store ?? {}) as StoreLike
  const missing = (['get', 'set', 'destroy'] as const).filter((name) => typeof methods[name] !== 'function')
  if (missing.length > 0)
    throw new TypeError(
      `hashIds needs a store with the methods get, set and destroy, not ${show(store)}: hashIds(new MemoryStore())`,
    )
  if (cookieKeeper(methods))
    throw new TypeError(
      'hashIds does not go with a CookieStore: its sessions are in the cookies of browsers, so there are no ids in a store to hash',
    )
  if (asKeyed(methods))
    throw new TypeError('hashIds was called with a store that hashes ids already: call it once')
  return methods
}

/** Throws a TypeError for wrong options. */
export function checkOptions(options: unknown): { migrate: boolean } {
  if (typeof (options ?? {}) !== 'object')
    throw new TypeError(`hashIds takes options like { migrate: true }, not ${show(options)}`)
  checkNames('hashIds', options ?? {}, ['migrate'])
  const { migrate = false } = (options ?? {}) as { migrate?: unknown }
  if (typeof migrate !== 'boolean')
    throw new TypeError(`migrate option of hashIds must be true or false, not ${show(migrate)}`)
  return { migrate }
}
