import type { Cookie } from '../cookie/cookie'
import { lifetimeStartOf } from '../cookie/cookie-data'
import { keepMarks, type LifetimeMarks } from '../cookie/record-cookie'
import type { SessionData } from '../types'
import type { SessionOwner } from './attach'
import type { TrackedSession } from './tracker'

/**
 * Returns what the store's `set` and `touch` receive: the live session or, while a timeout is on, a shallow copy of it whose
 * cookie answers with the end of the record. The application's cookie keeps what `Set-Cookie` says. It is a copy, since
 * stores read it after an `await` too.
 */
export function storeView(session: TrackedSession, cookie: Cookie): SessionData {
  if (cookie === session.cookie) return session as SessionData
  const view = Object.assign(Object.create(Object.getPrototypeOf(session)), session)
  for (const name of ['id', 'req']) {
    Object.defineProperty(view, name, { value: Reflect.get(session, name), configurable: true })
  }
  view.cookie = cookie
  return view
}

/** Returns the cookie that the store receives. A session that was loaded outside a request has no owner. */
export function storeCookie(
  cookie: Cookie,
  owner: SessionOwner | undefined,
  lastWrite: LifetimeMarks['lastWrite'],
): Cookie {
  if (!owner) return keepMarks(cookie)
  return owner.lifetime ? owner.lifetime.storeCookie(cookie, lastWrite) : cookie
}

/**
 * Notes in the log of `touchAfter` that the store receives this cookie. `save()` and `updateSession()` do not start its
 * lifetime again, as the end of the request does: then the time when it began is noted, so that a touch may follow.
 */
export function noteWrite({ settings, lifetime }: SessionOwner, id: string, cookie: Cookie): void {
  // With a timeout, the lifetime began when the session was loaded.
  settings.touchLog?.note(id, lifetime ? undefined : lifetimeStartOf(cookie, Date.now()))
}
