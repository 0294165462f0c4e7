import { restoreCookie } from '../cookie/restore-cookie'
import { guardedStore } from '../store-guard/guarded-store'
import { IdState } from '../store-guard/id-state'
import { tracedStore } from '../store-guard/layers/watch-calls'
import type { Done, GetDone, SessionCookie, SessionData, StoreLike } from '../types'
import { OWNER, type SessionRequest } from './attach'
import { callbackOrPromise } from './callback-or-promise'
import { type Keep, type RegenerateOptions, readKeep } from './keep'
import { regenerateSession, regenerateWithData } from './regenerate'
import { idStateOf, setIdState, stateFor } from './session-state'
import { saveSession } from './write-record'

/** The part of a request that a session needs. `store.load` makes sessions without a whole request. */
export type SessionHost = Pick<SessionRequest, 'session' | 'sessionID' | 'sessionStore' | typeof OWNER>

// biome-ignore lint/suspicious/noExplicitAny: callers annotate the error as they like, as in @types/express-session.
type Callback = (err: any) => void

// With `object`, a function of a test that takes only the callback is accepted as a `regenerate` that takes options.
type Options = RegenerateOptions & object

/**
 * The session of a request: `req.session`. It holds your own keys, the session's id and its cookie.
 *
 * A function of a test that takes a callback and returns the session can replace a method, as with the types of 1.19:
 * TypeScript takes type parameters for `any` when it compares a function with overloads, and it accepts any parameter for
 * `never`. The overloads of a method have the same type parameters, so that its callback's type is inferred.
 */
export class Session {
  /** The session's id. */
  declare id: string
  /** @internal The request that the session belongs to. */
  declare readonly req: Express.Request
  /** The cookie of this session. Changing it changes the browser's cookie. */
  declare cookie: SessionCookie

  /** @internal */
  constructor(req: SessionHost, data?: object | null, id: unknown = req.sessionID) {
    Object.defineProperty(this, 'req', { value: req })
    const state = stateOf(req, id)
    setIdState(this, state)
    Object.defineProperty(this, 'id', id === state ? lazyId : { value: id })
    if (typeof data === 'object' && data !== null) assignData(this, data)
  }

  /** Starts the session's lifetime again. The middleware does it once a request. */
  touch(): this {
    return this.resetMaxAge()
  }

  /** Sets `cookie.maxAge` back to `cookie.originalMaxAge`. */
  resetMaxAge(): this {
    this.cookie.maxAge = this.cookie.originalMaxAge
    return this
  }

  /**
   * Writes the session to the store now. The middleware does it at the end of the response.
   * Without a callback it returns a promise. The error is the store's, or a TypeError for data that JSON cannot represent.
   */
  save<Result extends Promise<void> = Promise<void>>(...none: never[]): Result
  save<_ extends Promise<void> = Promise<void>>(callback: Callback): this
  save<_ extends Promise<void> = Promise<void>>(callback?: Callback): this
  save(callback?: Callback): unknown {
    const start = (done: Done) => saveSession(this, ownerOf(this), storeOf(this), done)
    return callbackOrPromise(this, callback, start, 'save', watchOf(this))
  }

  /**
   * Reads the session again from the store, into a new `req.session`. Without a callback it returns a promise.
   * It is an error if the session is no longer in the store.
   */
  reload<Result extends Promise<void> = Promise<void>>(...none: never[]): Result
  reload<_ extends Promise<void> = Promise<void>>(callback: Callback): this
  reload(callback?: Callback): unknown {
    return callbackOrPromise(this, callback, (done) => {
      const owner = ownerOf(this)
      const answer: GetDone = (err, record) => {
        if (err) return done(err)
        if (!record) return done(new Error('failed to load session'))
        try {
          createByStore(hostOf(this), record)
        } catch (fault) {
          return done(fault)
        }
        owner?.noteReload(record)
        done()
      }
      storeOf(this).get(this.id, answer, stateFor(this, owner), owner?.settings.limits)
    })
  }

  /** Removes the session from the store and from `req`. Without a callback it returns a promise. */
  destroy<Result extends Promise<void> = Promise<void>>(...none: never[]): Result
  destroy<_ extends Promise<void> = Promise<void>>(callback: Callback): this
  destroy(callback?: Callback): unknown {
    const start = (done: Done) => {
      const host = hostOf(this)
      const owner = ownerOf(this)
      const state = stateFor(this, owner)
      // A property that the application has defined may not be deletable.
      if (!Reflect.deleteProperty(host, 'session')) host.session = undefined
      owner?.noteDestroy(state)
      storeOf(this).destroy(this.id, done, state)
    }
    return callbackOrPromise(this, callback, start, 'destroy', watchOf(this))
  }

  /**
   * Replaces the session by one with a new id. Do it at login (OWASP: session fixation). The new session is empty, except
   * for what `keep` names: its record is stored before the old one is destroyed, and if that fails the session stays as
   * it was. If the old one was destroyed meanwhile, it is an error with the code 'ERR_SESSION_GONE'.
   * Without a callback it returns a promise. A wrong option is a TypeError, passed on like the store's errors.
   */
  regenerate<Result extends Promise<void> = Promise<void>>(...none: never[]): Result
  regenerate<Result extends Promise<void> = Promise<void>>(options: Options | undefined): Result
  regenerate<_ extends Promise<void> = Promise<void>>(options: Options | undefined, callback: Callback): this
  // biome-ignore lint/suspicious/noExplicitAny: cannot be called; it gives `callback` of a test's `regenerate(callback) {}` a type.
  regenerate<_ extends Promise<void> = Promise<void>>(callback: any, none: never): any
  regenerate<_ extends Promise<void> = Promise<void>>(callback: Callback): this
  regenerate(first?: RegenerateOptions | Callback, second?: Callback): unknown {
    const [options, callback] = typeof first === 'function' ? [undefined, first] : [first, second]
    const start = (done: Done) => {
      let keep: Keep | undefined
      try {
        keep = readKeep(options, RESERVED)
      } catch (err) {
        return done(err)
      }
      const owner = ownerOf(this)
      if (keep) regenerateWithData(owner, keep, done)
      else if (owner) regenerateSession(owner, done)
      else storeOf(this).regenerate(hostOf(this), done, stateFor(this, undefined))
    }
    return callbackOrPromise(this, callback, start, 'regenerate', watchOf(this))
  }
}

/**
 * The id of a session whose id is drawn at its first use. One accessor for all sessions: with a getter for each, V8 keeps
 * them as dictionaries. A proxy around the session has no state of its own.
 */
const lazyId: PropertyDescriptor & ThisType<Session> = {
  get() {
    return (idStateOf(this) ?? ownerOf(this)?.lazyState)?.sid
  },
}

const { save, touch, resetMaxAge } = Session.prototype

/** Returns whether `session.save` is ours, and not replaced by the application. */
export function savesByDefault(session: Session): boolean {
  return session.save === save
}

/** Returns the same for `session.touch`. */
export function touchesByDefault(session: Session): boolean {
  return session.touch === touch && session.resetMaxAge === resetMaxAge
}

/** Makes the session of a stored record. */
export function makeSession(
  req: SessionHost,
  record: SessionData,
  cookie = restoreCookie(record.cookie),
  id = req.sessionID,
): Session {
  const session = new Session(req, record, id)
  session.cookie = cookie
  return session
}

/** The same, and sets `req.session`. */
export function createSession(req: SessionHost, record: SessionData, id = req.sessionID): Session {
  const session = makeSession(req, record, undefined, id)
  // Outside a request the session counts as loaded now.
  if (!req[OWNER] && req.sessionStore)
    setIdState(session, guardedStore(req.sessionStore).ids.join(session.id))
  req.session = session
  return session
}

/**
 * The same by the store's own `createSession`. A store that extends the Store of express-session makes a Session of that
 * package; then ours is made from its data.
 */
export function createByStore(req: SessionHost, record: SessionData, id = req.sessionID): Session {
  const store = req.sessionStore as StoreLike
  const session =
    typeof store.createSession === 'function'
      ? callCreateSession(req, record, id)
      : createSession(req, record, id)
  req[OWNER]?.lifetime?.showBrowserExpiry(session.cookie)
  return session
}

function callCreateSession(req: SessionHost, record: SessionData, id: unknown): Session {
  const { sessionID } = req
  // A `createSession` reads the id from here. The application may have assigned another one since the request began.
  req.sessionID = id
  req.sessionStore?.createSession?.(req as never, record)
  const session =
    req.session instanceof Session ? req.session : createSession(req, req.session as SessionData)
  req.sessionID = sessionID
  return session
}

/** Keys of a record that are not copied, since they would hide members of the class. `constructor` may be hidden. */
const RESERVED = new Set(['id', 'req', '__proto__', ...Object.getOwnPropertyNames(Session.prototype)])
RESERVED.delete('constructor')

/** Copies the data of a record to a session. Returns false if a reserved key was left out. */
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

/** `id` may be the state of an id that is not drawn yet. */
function stateOf(req: SessionHost, id: unknown): IdState {
  if (id instanceof IdState) return id
  const state = req[OWNER]?.idState
  return state && state.sid === id ? state : new IdState(id as string)
}

function hostOf(session: Session): SessionHost {
  return session.req as unknown as SessionHost
}

function ownerOf(session: Session) {
  return hostOf(session)[OWNER]
}

function watchOf(session: Session) {
  return ownerOf(session)?.promises
}

/** Returns the guarded store of the request's middleware, unless the application has given the request another store. */
function storeOf(session: Session) {
  const { sessionStore, [OWNER]: owner } = hostOf(session)
  return owner && owner.store.store === sessionStore
    ? owner.store
    : tracedStore(guardedStore(sessionStore as StoreLike))
}
