import { show } from '../diagnostics/show'
import { reportOn } from '../diagnostics/store-reports'
import { textOf } from '../policy/user'
import type { SessionData, StoreLike, UserOf } from '../types'
import { nameOf } from './store-calls'

/** Returns the user of a session as text. */
export type UserReader = (session: SessionData) => string | undefined

/**
 * Returns a function that reads the user of a session, and tells the store of it once. A `userOf` that throws for a session
 * counts as a session without a user, with a warning: one odd record must not keep a user from ending sessions.
 */
export function userReader(store: StoreLike, userOf: UserOf): UserReader {
  const known = readers.get(store)
  if (known) {
    checkSame(store, known.userOf, userOf)
    return known.read
  }
  const read: UserReader = (session) => {
    let user: unknown
    try {
      user = userOf(session)
    } catch (err) {
      tell(store, err)
    }
    return checked(user)
  }
  readers.set(store, { userOf, read })
  store.index?.((session) => {
    try {
      return read(session)
    } catch (err) {
      // The store calls this while it writes, and a listing reports the error.
      tell(store, err)
      return undefined
    }
  })
  return read
}

const readers = new WeakMap<StoreLike, { userOf: UserOf; read: UserReader }>()

/** A function that is written where it is used is another object at each call. */
function checkSame(store: StoreLike, known: UserOf, userOf: UserOf): void {
  if (known === userOf || String(known) === String(userOf)) return
  throw new TypeError(
    `sessionsOf was called for this ${nameOf(store)} before with another function, and a store has one index: call it once, where the store is made, and use what it returns`,
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
