import { Cookie, type CookieOptions } from '../cookie/cookie'
import { Session } from '../session/session'
import type { SessionData } from '../types'

export type LiveSession = Session & SessionData & Record<string, unknown>

/** A session as the middleware hands it to a store: with getters, methods and a request that no JSON shows. */
export function liveSession(sid: string, data: object = {}, cookie: CookieOptions = {}): LiveSession {
  const req = { sessionID: sid }
  // The request of a session refers back to it, so whoever walks through everything walks in circles.
  const session = new Session(req, data)
  Object.assign(req, { session })
  session.cookie = new Cookie(cookie)
  return session as LiveSession
}
