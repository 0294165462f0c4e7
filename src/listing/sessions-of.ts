import { expiryOf } from '../cookie/cookie-data'
import { startOf } from '../cookie/record-cookie'
import { show } from '../diagnostics/show'
import { peekId, type SessionRequest } from '../session/attach'
import type { FoundSession, SessionData, StoreLike, UserOf } from '../types'
import { checkListing, findSessions } from './find-sessions'
import { handleOf, keyOf } from './handle'
import { destroyByKey } from './store-calls'
import { checkUser, type UserReader, userReader } from './user-reader'

/**
 * Gives the sessions of one user, to list and to end them: `const sessions = sessionsOf(store, (session) => session.userId)`.
 * `userOf` returns the user of a session, or undefined for a session without one. Call it once for each store, where the
 * store is made. Throws a TypeError if the store can neither find the sessions of a user nor list all sessions, and if it
 * was called for this store with another function.
 */
export function sessionsOf(store: StoreLike, userOf: UserOf): UserSessions {
  checkListing(store, userOf)
  return new UserSessions(store, userReader(store, userOf))
}

/** A user, as `userOf` returns it. 42 and '42' are the same one. */
export type User = string | number

/** One session of a user. */
export interface ListedSession {
  /** Names the session in a page or a form. It is a hash of the store's key, so it is of no use as a cookie. */
  handle: string
  /** When the session began. Undefined if `absoluteTimeout` is off, since only then it is recorded. */
  created?: Date | undefined
  /** When the record ends if no request follows. Undefined if the record has no end, or if the store keeps it elsewhere. */
  expires: Date | undefined
  /** Whether this is the session of the request that `list` was given. */
  isCurrent: boolean
  /** The data of the session, without its cookie. Changing it changes nothing. */
  data: Partial<Omit<SessionData, 'cookie'>>
}

/** The sessions of the users of one store. Made by `sessionsOf`. */
export class UserSessions {
  /** @internal */
  constructor(
    /** @internal */
    readonly store: StoreLike,
    /** @internal */
    readonly users: UserReader,
  ) {}

  /**
   * Resolves to the sessions of this user that have not ended: the one of `req` first, then those that end last. Rejects
   * with the store's error, and with a TypeError for a user that is neither a number nor a text.
   */
  async list(user: User, { req }: { req?: object | undefined } = {}): Promise<ListedSession[]> {
    const found = await this.find('list', user)
    const current = req === undefined ? undefined : currentKey('list', 'req', req)
    return found.map((session) => describe(session, current)).sort(inOrder)
  }

  /**
   * Ends the session of this user that has this handle, and resolves to whether there was one: it is false for the handle of
   * a session of another user. Requests of the session that are in flight do not store it again in this process, nor in
   * others with `saveMode: 'merge'`.
   */
  async end(user: User, handle: string): Promise<boolean> {
    const found = await this.find('end', user)
    const session = found.find(({ id }) => handleOf(id) === handle)
    if (session) await destroyByKey(this.store, session.id)
    return session !== undefined
  }

  /**
   * Ends all sessions of this user, except for the one of the request `except`, and resolves to their number. If the store
   * fails for one of them, the others are ended, and the promise rejects with the store's error.
   */
  async endAll(user: User, { except }: { except?: object | undefined } = {}): Promise<number> {
    const kept = except === undefined ? undefined : currentKey('endAll', 'except', except)
    const found = await this.find('endAll', user)
    const ending = found.filter(({ id }) => id !== kept)
    const results = await Promise.allSettled(ending.map(({ id }) => destroyByKey(this.store, id)))
    for (const result of results) if (result.status === 'rejected') throw result.reason
    return ending.length
  }

  private find(method: string, user: User): Promise<FoundSession[]> {
    return findSessions(this.store, checkUser(method, user), this.users)
  }
}

/** Returns the key of the session of a request. An id that is drawn at its first use has no record, and stays undrawn. */
function currentKey(method: string, option: string, req: unknown): string | undefined {
  const request = req as SessionRequest | null
  if (typeof request !== 'object' || request?.sessionStore === undefined)
    throw new TypeError(
      `sessionsOf().${method}: ${option} must be a request that the session middleware has handled, not ${show(req)}`,
    )
  const id = peekId(request)
  return typeof id === 'string' ? keyOf(request.sessionStore, id) : undefined
}

function describe(session: FoundSession, current: string | undefined): ListedSession {
  const { id, cookie, ...data } = session
  const created = startOf(cookie)
  const end = expiryOf(cookie)
  return {
    handle: handleOf(id),
    created: created === undefined ? undefined : new Date(created),
    // An end in the past is not the one that the store has: its `touch` moves another one.
    expires: end !== undefined && end > Date.now() ? new Date(end) : undefined,
    isCurrent: id === current,
    data,
  }
}

function inOrder(a: ListedSession, b: ListedSession): number {
  if (a.isCurrent !== b.isCurrent) return a.isCurrent ? -1 : 1
  const difference = (b.expires?.getTime() ?? 0) - (a.expires?.getTime() ?? 0)
  return difference || (a.handle < b.handle ? -1 : 1)
}
