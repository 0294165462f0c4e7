import { show } from '../diagnostics/show'
import { reportOn } from '../diagnostics/store-reports'
import { isMissing } from '../store-guard/call-store'
import { guardedStore } from '../store-guard/guarded-store'
import { recordStoreOf } from '../store-guard/keyed-store'
import { cookieKeeper } from '../store-guard/sealed-records'
import { storeName } from '../store-guard/store-name'
import type { FoundSession, SessionData, StoreLike } from '../types'
import { ask } from './store-calls'
import type { UserReader } from './user-reader'

/** Resolves to the sessions of a user that have not ended. The store may give others too: they are left out. */
export async function findSessions(
  store: StoreLike,
  user: string,
  users: UserReader,
): Promise<FoundSession[]> {
  const { expiry } = guardedStore(store)
  // The records have keys, not ids, so the store inside is asked.
  const inner = recordStoreOf(store)
  const isOfUser = (session: SessionData) => users.read(session) === user
  const isServed = (session: SessionData) => isOfUser(session) && !expiry.isOver(session, undefined)
  if (typeof inner.findByUser !== 'function') return scan(inner, isServed, isOfUser)
  const found = ((await ask(inner, 'findByUser', user)) ?? []) as FoundSession[]
  if (users.wrong) throw users.wrong
  return found.filter(isServed)
}

/**
 * Finds the sessions in the list of all sessions. Each one is read again, since `all` of many stores gives expired records
 * too.
 */
async function scan(
  store: StoreLike,
  isServed: (session: SessionData) => boolean,
  isOfUser: (session: SessionData) => boolean,
): Promise<FoundSession[]> {
  reportOn(
    store,
    'SESSIONWARE_LIST_FALLBACK',
    `sessionsOf reads all sessions of ${storeName(store)} at each call, since it has no method findByUser: use MemoryStore, sessionware/redis or conditional() of sessionware/postgres where there are many sessions`,
  )
  const keys = entriesOf(store, await ask(store, 'all')).filter(([, session]) => isOfUser(session))
  const found = await Promise.all(keys.map(([key]) => read(store, key)))
  return found.filter((session): session is FoundSession => session !== undefined && isServed(session))
}

async function read(store: StoreLike, id: string): Promise<FoundSession | undefined> {
  const answer = await ask(store, 'get', id).catch((err) => {
    if (!isMissing(err)) throw err
  })
  return answer ? { ...(answer as SessionData), id } : undefined
}

/** Returns the records that `all` has answered with, by key. Throws a TypeError if they have none. */
function entriesOf(store: StoreLike, all: unknown): [key: string, session: SessionData][] {
  if (all === undefined || all === null) return []
  if (!Array.isArray(all)) return Object.entries(all)
  return all.map((session: Partial<FoundSession> | null) => {
    if (typeof session?.id === 'string') return [session.id, session as SessionData]
    throw new TypeError(
      `sessionsOf cannot use ${storeName(store)}: its all() answers with records without an id. Use a store with findByUser, such as MemoryStore, sessionware/redis or conditional() of sessionware/postgres`,
    )
  })
}

/** Throws a TypeError for wrong arguments of `sessionsOf`. */
export function checkListing(store: unknown, userOf: unknown): void {
  const { findByUser, all, destroy } = (store ?? {}) as Record<string, unknown>
  if (typeof destroy !== 'function')
    throw new TypeError(`sessionsOf needs the store of the sessions, not ${show(store)}`)
  if (typeof userOf !== 'function')
    throw new TypeError(
      `sessionsOf needs a function that returns the user of a session, such as (session) => session.userId, not ${show(userOf)}`,
    )
  if (cookieKeeper(store))
    throw new TypeError(
      'sessionsOf does not go with a CookieStore: its sessions are in the cookies of browsers, so they can be neither listed nor ended by the server. To log a user out everywhere, compare loginAt with a time in your database (docs/cookie-store.md)',
    )
  if (typeof findByUser === 'function' || typeof all === 'function') return
  throw new TypeError(
    `sessionsOf cannot use ${storeName(store as StoreLike)}: it has neither findByUser nor all. Use conditional() of sessionware/postgres for connect-pg-simple, or MemoryStore, or sessionware/redis`,
  )
}
