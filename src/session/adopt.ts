import type { Cookie } from '../cookie/cookie'
import { restoreCookie } from '../cookie/restore-cookie'
import { isThenable } from '../store-guard/call-method'
import type { Commit, SessionData } from '../types'
import { peekSession, type SessionOwner } from './attach'
import { type Destroyer, hasDestroyed } from './ended-session'
import { generateByStore } from './regenerate'
import { assignData, Session } from './session'
import { stateFor } from './session-state'

/** The parts of a request's session that adopting needs. */
interface Adopter extends SessionOwner, Destroyer {
  /** The cookie that the request's session started with. */
  readonly ownCookie: Cookie | undefined
  /** Returns the id for the next session of this request, the same until it is used. It may be a promise. */
  nextId(): unknown
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
  if (hasDestroyed(owner)) return startAgain(owner, data)
  return fill(owner, new Session(owner.req), data, owner.ownCookie as Cookie)
}

/**
 * Returns the work to wait for before `adopt`, if the application has destroyed its session and assigned another one, and
 * `genid` gives a promise.
 */
export function waitForId(owner: Adopter): Commit | undefined {
  const value = hasDestroyed(owner) ? peekSession(owner.req) : undefined
  if (typeof value !== 'object' || value === null || isUsable(owner, value)) return undefined
  const id = owner.nextId()
  if (!isThenable(id)) return undefined
  return (done) => {
    const use = (id: unknown) => {
      owner.reserveId(id)
      done()
    }
    id.then(use, (err) => done(err ?? new Error('genid rejected without an error')))
  }
}

function isUsable(owner: Adopter, value: unknown): value is Session {
  if (!(value instanceof Session && value.req)) return false
  const state = stateFor(value, owner)
  return !state.isDestroyed || (state === owner.idState && !hasDestroyed(owner))
}

/** Makes a new session, with a new id, of the data that the application assigned after `destroy`. */
function startAgain(owner: Adopter, data: object): Session {
  const id = owner.nextId()
  if (isThenable(id)) {
    id.then(undefined, () => {})
    throw new Error(
      'genid gave a promise, and the headers cannot wait for it: call req.session.regenerate() instead of destroy()',
    )
  }
  generateByStore(owner, id, (err) => {
    if (err) throw err
  })
  const session = owner.req.session as Session
  return fill(owner, session, data, session.cookie)
}

/** Gives a session this data, and `ownCookie` if the data has no cookie. */
function fill({ req }: Adopter, session: Session, data: object, ownCookie: Cookie): Session {
  assignData(session, data)
  const { cookie } = data as Partial<SessionData>
  const isCookie = typeof cookie === 'object' && cookie !== null
  session.cookie = isCookie ? restoreCookie(cookie) : ownCookie
  req.session = session
  return session
}
