import { pairWithSet } from '../../store-guard/abilities'
import type { StoreLike } from '../../types'
import { checkPostgresStore } from './check-store'
import { Records } from './records'
import { resolveUserPath, type UserPath } from './user-path'
import { UserSearch } from './user-search'

/** The options of `conditional`. */
export interface ConditionalOptions {
  /**
   * Where the sessions have their user: a key such as 'userId', or the keys on the way to it, such as ['passport', 'user'].
   * `sessionsOf` then finds the sessions of a user by a condition in SQL, which an index makes fast; it must be what the
   * function of `sessionsOf` returns. Default: all sessions are read, and that function is asked.
   */
  user?: UserPath | undefined
}

/**
 * Adds `compareAndSet` and `findByUser` to a store of connect-pg-simple, and returns the store: with `saveMode: 'merge'` and
 * `updateSession` nothing is lost between processes, and a session that was ended in one is not stored again by another.
 * `get` reads the record together with an MD5 of its text, and a write compares it: the table stays as it is, and other
 * processes may use the store without this function. Compose it as `hashIds(conditional(store))`. Throws a TypeError for any
 * other store, and for a wrong option.
 */
export function conditional<S extends object>(store: S, options?: ConditionalOptions): S & StoreLike {
  const postgres = checkPostgresStore(store)
  const path = resolveUserPath(options)
  const records = new Records(postgres)
  const search = new UserSearch(postgres, path)
  const methods: Pick<StoreLike, 'get' | 'compareAndSet' | 'index' | 'findByUser'> = {
    get(sid, callback) {
      answer(records.get(sid), callback)
    },
    compareAndSet(sid, session, loaded, callback) {
      answer(loaded ? records.replace(sid, session, loaded) : records.create(sid, session), callback)
    },
    index(userOf) {
      search.userOf = userOf
    },
    findByUser(user, callback) {
      answer(search.find(user), callback)
    },
  }
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(store, name, { value, writable: true, configurable: true, enumerable: false })
  }
  pairWithSet(methods.compareAndSet as object, postgres.set)
  return store as S & StoreLike
}

export type { UserPath }

function answer<T>(result: Promise<T>, callback: (err?: unknown, value?: T) => void): void {
  result.then(
    (value) => process.nextTick(callback, null, value),
    (err) => process.nextTick(callback, err),
  )
}
