import { show } from '../diagnostics/show'
import { reportOn } from '../diagnostics/store-reports'
import { textOf } from '../policy/user'
import { storeName } from '../store-guard/store-name'
import type { SessionData, StoreLike, UserOf } from '../types'

/** Reads the users of the sessions of one store. */
export interface UserReader {
  readonly userOf: UserOf
  /** Returns the user of a session as text. Throws a TypeError if the function returns something else than a user. */
  read(session: SessionData): string | undefined
  /** That error, if the store has called the function and got it. It has no index then. */
  wrong: unknown
}

/**
 * Returns the reader for a function, and passes the function to the store once. One that throws for a session counts that as a
 * session without a user, with a warning: one odd record must not keep a user from ending sessions.
 */
export function userReader(store: StoreLike, userOf: UserOf): UserReader {
  const known = readers.get(store)
  if (known) {
    checkSame(store, known.userOf, userOf)
    return known
  }
  const reader: UserReader = {
    userOf,
    read: (session) => checked(call(store, userOf, session)),
    wrong: undefined,
  }
  readers.set(store, reader)
  store.index?.((session) => {
    try {
      return reader.read(session)
    } catch (err) {
      // The store calls this while it writes, which must not fail.
      reader.wrong = err
      return undefined
    }
  })
  return reader
}

const readers = new WeakMap<StoreLike, UserReader>()

function call(store: StoreLike, userOf: UserOf, session: SessionData): unknown {
  try {
    return userOf(session)
  } catch (err) {
    tell(store, err)
    return undefined
  }
}

/** A function that is written where it is used is another object at each call. */
function checkSame(store: StoreLike, known: UserOf, userOf: UserOf): void {
  if (known === userOf || String(known) === String(userOf)) return
  throw new TypeError(
    `sessionsOf was called for ${storeName(store)} before with another function, and a store has one index: call it once, where the store is made, and use what it returns`,
  )
}

function tell(store: StoreLike, err: unknown): void {
  const text = err instanceof Error ? err.message : show(err)
  reportOn(
    store,
    'SESSIONWARE_USER',
    `the function of sessionsOf failed for a session, which counts as one without a user: ${text}. It must return undefined for a session without a user`,
  )
}

/** An ObjectId has a text. A plain object or a promise has the same text for all users. */
function checked(user: unknown): string | undefined {
  const isText =
    typeof user !== 'object' || user === null || String(user) !== Object.prototype.toString.call(user)
  if (isText && typeof user !== 'function' && typeof user !== 'symbol') return textOf(user)
  throw new TypeError(
    `the function of sessionsOf must return the user of a session as a number or a text, not ${show(user)}`,
  )
}

/** Returns the user that a method was called with as text. */
export function checkUser(method: string, user: unknown): string {
  if ((typeof user === 'string' && user !== '') || (typeof user === 'number' && !Number.isNaN(user)))
    return String(user)
  throw new TypeError(`sessionsOf().${method}: user must be a number or a text, not ${show(user)}`)
}
