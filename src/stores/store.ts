import { EventEmitter } from 'node:events'
import type { Request } from 'express'
import { OWNER, type SessionRequest } from '../session/attach'
import { replaceSession } from '../session/regenerate'
import { createSession, makeSession, type Session } from '../session/session'
import { setIdState } from '../session/session-state'
import { guardedStore } from '../store-guard/guarded-store'
import { defineSyncMethod } from '../store-guard/sync-methods'
import type { FoundSession, GetDone, SessionData, UserOf } from '../types'
import { callable } from './callable'

// biome-ignore lint/suspicious/noExplicitAny: callers annotate the error as they like, as in @types/express-session.
type StoreError = any

/** A Session. Its methods are optional in the type, since a store's own `load` may give a plain record. */
type LoadedSession = SessionData & Partial<Omit<Session, keyof SessionData>>

/**
 * The base class of all stores. Required methods: `get`, `set`, `destroy`. Recommended: `touch`, so that a session in use
 * does not expire. Optional: `all`, `length`, `clear`. Each method answers by its callback, in the same tick or later, or
 * by a promise if it declares no callback.
 *
 * Emit 'disconnect' when the database cannot be reached (requests then have no session), and 'connect' when it can again.
 */
abstract class Store extends EventEmitter {
  /** @internal Set by the middleware: gives `req` a new session with a new id. */
  declare generate: (req: Express.Request) => void

  /**
   * Answers with the record of this id, or with nothing if there is none. An error with `code` 'ENOENT' means the same
   * to a request; to `reload` and `load` it is an error.
   */
  abstract get(sid: string, callback: (err: StoreError, session?: SessionData | null) => void): void

  /** Creates or replaces the record of this id. The record may be removed after `session.cookie.expires`. */
  abstract set(sid: string, session: SessionData, callback?: (err?: StoreError) => void): void

  /** Removes the record of this id. It is no error if there is none. */
  abstract destroy(sid: string, callback?: (err?: StoreError) => void): void

  /** Answers with all records, as an array or as an object by id. */
  all?(
    callback: (err: StoreError, sessions?: SessionData[] | { [sid: string]: SessionData } | null) => void,
  ): void

  /** Answers with the number of records. */
  length?(callback: (err: StoreError, length?: number) => void): void

  /** Removes all records. */
  clear?(callback?: (err?: StoreError) => void): void

  /**
   * Moves the expiry of the record to `session.cookie.expires`, and does not change its data. It is no error if there is
   * no record.
   */
  touch?(sid: string, session: SessionData, callback?: (err?: StoreError) => void): void

  /**
   * Writes the session if the stored record is still `loaded`: an object that `get` has answered with, that an earlier
   * outcome gave, or that was passed as `session` when the outcome was true. Without `loaded` it writes if there is no
   * record. Answers true if it has written; false if there is no record; else with the stored record, and it has written
   * nothing. The expiry is not compared.
   */
  compareAndSet?(
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback: (err: StoreError, outcome?: boolean | SessionData) => void,
  ): void

  /**
   * Called once by `sessionsOf`, before `findByUser`: a store that keeps an index of the sessions of each user needs this
   * function.
   */
  index?(userOf: UserOf): void

  /**
   * Answers with the sessions of this user that have not expired: records with the store's key as `id`, in any order. The
   * user is text, also if it is a number.
   */
  findByUser?(user: string, callback: (err: StoreError, sessions?: FoundSession[]) => void): void

  /** Destroys the session of `req` and gives it a new one. */
  regenerate(req: Request, callback: (err?: StoreError) => void): void {
    const owner = (req as unknown as SessionRequest)[OWNER]
    if (owner) return replaceSession(owner, callback)
    guardedStore(this as never).destroy(req.sessionID, (err) => {
      try {
        this.generate(req)
      } catch (fault) {
        return callback(fault)
      }
      callback(err)
    })
  }

  /** Reads a session outside a request. It can be changed and saved. */
  load(sid: string, callback: (err: StoreError, session?: LoadedSession) => void): void {
    const guarded = guardedStore(this as never)
    const state = guarded.ids.join(sid)
    const answer: GetDone = (err, record) => {
      if (err || !record) return callback(err)
      let session: LoadedSession
      try {
        session = this.createSession({ sessionID: sid, sessionStore: this } as never, record)
        setIdState(session, state)
      } catch (fault) {
        return callback(fault)
      }
      callback(null, session)
    }
    guarded.get(sid, answer, state)
  }

  /** Makes the session of `req` from a stored record. */
  createSession(req: Request, record: SessionData): Session & SessionData {
    return createSession(req as unknown as SessionRequest, record)
  }
}

defineSyncMethod(Store.prototype, 'createSession', (req, record, cookie, id) =>
  makeSession(req as SessionRequest, record, cookie, id),
)

const CallableStore = callable(Store)
type CallableStore = Store

// The value that can be called, and the class for the types of the package: only a class can be merged with an interface.
export { CallableStore as Store, Store as StoreClass }
