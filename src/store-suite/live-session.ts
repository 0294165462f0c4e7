import { Cookie, type CookieOptions } from '../cookie/cookie'
import { Session } from '../session/session'
import type { SessionData } from '../types'

export type LiveSession = Session & SessionData & Record<string, unknown>

/** Returns a session as the middleware passes it to a store: with getters, methods and a request that JSON omits. */
export function liveSession(sid: string, data: object = {}, cookie: CookieOptions = {}): LiveSession {
  const req = { sessionID: sid }
  // As in a real request, session and request refer to each other.
  const session = new Session(req, data)
  Object.assign(req, { session })
  session.cookie = new Cookie(cookie)
  return session as LiveSession
}
