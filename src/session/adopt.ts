import type { Cookie } from '../cookie/cookie'
import { restoreCookie } from '../cookie/make-cookie'
import type { SessionData } from '../types'
import type { SessionOwner } from './attach'
import { assignData, Session } from './session'
import { stateFor } from './write-record'

/** The parts of a request's session that adopting needs. */
interface Adopter extends SessionOwner {
  /** The cookie that the request's session started with. */
  readonly ownCookie: Cookie | undefined
}

/**
 * Returns the Session for a value of `req.session`, which the application may have assigned. A plain object is adopted: its
 * data becomes the request's session. So is a clone of a session, which has the class but neither an id nor a request, and
 * a session object that was destroyed or replaced by `regenerate` and then assigned again.
 */
export function adopt(owner: Adopter, value: unknown): Session {
  if (isUsable(owner, value)) return value
  if (typeof value !== 'object') throw new TypeError(`req.session must be an object, not a ${typeof value}`)
  const data = value as object
  return fill(new Session(owner.req), data, owner.ownCookie as Cookie, owner)
}

function isUsable(owner: Adopter, value: unknown): value is Session {
  if (!(value instanceof Session && value.req)) return false
  const state = stateFor(value, owner)
  return !state.isDestroyed || state === owner.idState
}

/** Gives a session this data, and `ownCookie` if the data has no cookie. */
function fill(session: Session, data: object, ownCookie: Cookie, { req }: Adopter): Session {
  assignData(session, data)
  const { cookie } = data as Partial<SessionData>
  const isCookie = typeof cookie === 'object' && cookie !== null
  session.cookie = isCookie ? restoreCookie(cookie) : ownCookie
  req.session = session
  return session
}
