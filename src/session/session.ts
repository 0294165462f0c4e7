import type { Cookie } from '../cookie/cookie'
import { restoreCookie } from '../cookie/make-cookie'
import { clientOf } from '../store-guard/guarded-store'
import type { SessionData, StoreLike } from '../types'
import { OWNER, type SessionRequest } from './attach'
import { callbackOrPromise } from './callback-or-promise'

/** The part of a request that a session needs: `store.load` makes sessions without a whole one. */
export type SessionHost = Pick<SessionRequest, 'session' | 'sessionID' | 'sessionStore' | typeof OWNER>

// biome-ignore lint/suspicious/noExplicitAny: callers annotate the error as they like, as in @types/express-session.
type Callback = (err?: any) => void

/** What a request remembers about its client: your own keys, the session's id and its cookie. */
export class Session {
  /** The session's id. */
  declare readonly id: string
  /** The request that the session belongs to. */
  declare readonly req: Express.Request
  /** The cookie of this session; change it to change this visitor's cookie. */
  declare cookie: Cookie

  constructor(req: SessionHost, data?: object | null) {
    Object.defineProperty(this, 'req', { value: req })
    Object.defineProperty(this, 'id', { value: req.sessionID })
    if (typeof data === 'object' && data !== null) assignData(this, data)
  }

  /** Starts the session's lifetime anew; the middleware does it once a request. */
  touch(): this {
    return this.resetMaxAge()
  }

  /** Sets `cookie.maxAge` back to `cookie.originalMaxAge`. */
  resetMaxAge(): this {
    this.cookie.maxAge = this.cookie.originalMaxAge
    return this
  }

  /**
   * Writes the session to the store now; the middleware does it at the end of the response.
   * Without a callback it gives a promise. An error is the store's, or says that the data is no JSON.
   */
  save(callback: Callback): this
  save(callback?: Callback): Promise<void>
  save(callback?: Callback): unknown {
    return callbackOrPromise(this, callback, (done) => {
      try {
        const owner = ownerOf(this)
        if (owner && !owner.maySave(this)) return queueMicrotask(done)
        owner?.noteSave(this)
      } catch (err) {
        return done(err)
      }
      storeOf(this).set(this.id, this, done)
    })
  }

  /**
   * Reads the session again from the store into a new `req.session`. Without a callback it gives a promise.
   * It is an error if it is no longer in the store.
   */
  reload(callback: Callback): this
  reload(callback?: Callback): Promise<void>
  reload(callback?: Callback): unknown {
    return callbackOrPromise(this, callback, (done) => {
      storeOf(this).get(this.id, (err, record) => {
        if (err) return done(err)
        if (!record) return done(new Error('failed to load session'))
        try {
          createByStore(hostOf(this), record)
        } catch (fault) {
          return done(fault)
        }
        ownerOf(this)?.noteReload()
        done()
      })
    })
  }

  /** Removes the session from the store and from `req`. Without a callback it gives a promise. */
  destroy(callback: Callback): this
  destroy(callback?: Callback): Promise<void>
  destroy(callback?: Callback): unknown {
    return callbackOrPromise(this, callback, (done) => {
      delete hostOf(this).session
      storeOf(this).destroy(this.id, done)
    })
  }

  /**
   * Replaces the session by an empty one with a new id, as a login must (OWASP: session fixation).
   * Without a callback it gives a promise.
   */
  regenerate(callback: Callback): this
  regenerate(callback?: Callback): Promise<void>
  regenerate(callback?: Callback): unknown {
    return callbackOrPromise(this, callback, (done) => {
      const owner = ownerOf(this)
      if (owner) owner.regenerate(done)
      else storeOf(this).regenerate(hostOf(this), done)
    })
  }
}

const { save, touch, resetMaxAge } = Session.prototype

/** Whether a session is saved as every one is, and not in a way of the application's. */
export function savesByDefault(session: Session): boolean {
  return session.save === save
}

/** The same of its touch. */
export function touchesByDefault(session: Session): boolean {
  return session.touch === touch && session.resetMaxAge === resetMaxAge
}

/** Turns a stored record, and the cookie made of it, into the session at `req.session`. */
export function createSession(
  req: SessionHost,
  record: SessionData,
  cookie = restoreCookie(record.cookie),
): Session {
  const session = new Session(req, record)
  session.cookie = cookie
  req.session = session
  return session
}

/**
 * The same by the store's own `createSession`. A store built on another copy of express-session makes that
 * one's Session, without what ours guards; then ours is made from its data.
 */
export function createByStore(req: SessionHost, record: SessionData): Session {
  const store = req.sessionStore as StoreLike
  if (typeof store.createSession !== 'function') return createSession(req, record)
  store.createSession(req as never, record)
  return req.session instanceof Session ? req.session : createSession(req, req.session as SessionData)
}

/** Makes a session of what the application put at `req.session`; one without a cookie of its own gets this one. */
export function adoptSession(req: SessionHost, value: unknown, ownCookie: Cookie): Session {
  if (typeof value !== 'object') throw new TypeError(`req.session must be an object, not a ${typeof value}`)
  const { cookie } = value as Partial<SessionData>
  const session = new Session(req, value)
  const isCookie = typeof cookie === 'object' && cookie !== null
  session.cookie = isCookie ? restoreCookie(cookie) : ownCookie
  req.session = session
  return session
}

/** The keys a session answers itself; a stored one of that name is dropped. `constructor` is anybody's. */
const RESERVED = new Set(['id', 'req', '__proto__', ...Object.getOwnPropertyNames(Session.prototype)])
RESERVED.delete('constructor')

/** Gives a session what a record holds. Answers false where a key of it had to be dropped. */
export function assignData(session: Session, data: object): boolean {
  const target = session as unknown as Record<string, unknown>
  const source = data as Record<string, unknown>
  let isComplete = true
  for (const key in source) {
    if (RESERVED.has(key)) isComplete = false
    else target[key] = source[key]
  }
  return isComplete
}

function hostOf(session: Session): SessionHost {
  return session.req as unknown as SessionHost
}

function ownerOf(session: Session) {
  return hostOf(session)[OWNER]
}

function storeOf(session: Session) {
  return clientOf(hostOf(session).sessionStore as StoreLike)
}
