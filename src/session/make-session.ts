import type { Cookie, CookieOptions } from '../cookie/cookie'
import { makeCookie } from '../cookie/make-cookie'
import { syncMethodOf } from '../store-guard/sync-methods'
import type { SessionData } from '../types'
import type { SessionOwner } from './attach'
import { assignData, createByStore, Session } from './session'
import { takeSnapshot } from './snapshot'

/** Makes a session without data, and with the cookie of the options. It is not the request's session yet. */
export function makeEmpty(owner: SessionMaker, id: unknown): Session {
  const { cookieOptions, req, settings } = owner
  const session = new Session(req, undefined, id)
  session.cookie = makeCookie(cookieOptions, req, settings.proxy)
  if (settings.configuredFor) session.cookie.configured = settings.configuredFor(cookieOptions, req)
  return session
}

/** Makes the request's session of its record, whose data may still be in the snapshot. */
export function makeLoaded(owner: SessionMaker, record: SessionData): void {
  const { req, tracker, snapshot } = owner
  const id = tracker.sentId?.id
  const session = makeSync(owner, record, id) ?? createByStore(req, record, id)
  if (session.cookie !== owner.ownCookie) owner.cookieRefresh?.refresh(session.cookie)
  const isComplete = snapshot !== undefined && assignData(session, JSON.parse(snapshot))
  if (!isComplete) owner.snapshot = takeSnapshot(session)
  tracker.startLoaded(session, owner.snapshot as string)
}

/** Makes the session without the store's `createSession`, if the store has the one of the Store class. */
function makeSync(owner: SessionMaker, record: SessionData, id: unknown): Session | undefined {
  const createSync = createSyncOf(owner)
  const session = createSync?.(owner.req, record, owner.ownCookie, id) as Session | undefined
  if (!session) return undefined
  if (owner.isAttached) owner.session = session
  else owner.req.session = session
  return session
}

/** The store makes sessions like the Store class does, so its `createSession` need not be called. */
export function createSyncOf({ store }: SessionOwner) {
  return syncMethodOf(store.store, 'createSession')
}

/** The parts of a request's session that making its Session object needs. */
export interface SessionMaker extends SessionOwner {
  readonly cookieOptions: CookieOptions
  /** The cookie that the session started with. */
  ownCookie: Cookie | undefined
  /** The JSON of the session's data, if it was loaded with the record. */
  snapshot: string | undefined
  /** `req.session` is the accessor that reads `session`; else it is an ordinary property. */
  readonly isAttached: boolean
  /** Undefined if `refreshCookie` is off. */
  readonly cookieRefresh: { refresh(cookie: Cookie): void } | undefined
}
