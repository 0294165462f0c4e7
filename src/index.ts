import { type AnyCookieOptions, Cookie, type CookieOptions } from './cookie/cookie'
import type { AnyCookieSource, CookieSource } from './cookie/cookie-options'
import type { Secret } from './cookie/keys'
import type { DiagnosticCode } from './diagnostics/codes'
import type { Diagnostic, DiagnosticsOption } from './diagnostics/reporter'
import { type ListedSession, sessionsOf, type User, type UserSessions } from './listing/sessions-of'
import { recommended } from './options/recommended'
import { resolveOptions } from './options/resolve-options'
import type { CookieStoreSessionOptions, MiddlewareOptions, SessionOptions } from './options/session-options'
import { explainSession } from './request/explain/explain-session'
import type {
  CandidateExplanation,
  SessionExplanation,
  StoreExplanation,
} from './request/explain/explanation'
import { createMiddleware, type SessionHandler } from './request/middleware'
import type { SessionDraft } from './session/draft'
import type { RegenerateOptions } from './session/keep'
import { lifetimeOf, type SessionLifetime } from './session/lifetime-of'
import { readOnly } from './session/read-only'
import { Session } from './session/session'
import { updateSession } from './session/update-session'
import { type HashedStore, type HashIdsOptions, hashIds } from './stores/hash-ids'
import { MemoryStore, MemoryStoreClass, type MemoryStoreOptions } from './stores/memory/memory-store'
import { Store, StoreClass } from './stores/store'
import type { FoundSession, SessionCookie, SessionData, StoreLike, UserOf } from './types'

declare global {
  namespace Express {
    /** The store of a request's session. */
    type SessionStore = Store & { generate: (req: Request) => void }

    interface Request {
      /** The session of this client. Undefined if the middleware did not run, or the store is disconnected. */
      session: Session & Partial<SessionData>
      /** The id of the session. */
      sessionID: string
      /** The store that keeps the session. */
      sessionStore: SessionStore
    }
  }
}

/**
 * Makes the session middleware: `app.use(session({ secret, resave: false, saveUninitialized: false }))`.
 * Throws a TypeError for a wrong option, with the option's name and the remedy.
 */
function session(options: MiddlewareOptions): SessionHandler
function session(options: CookieStoreSessionOptions): SessionHandler
function session(options?: SessionOptions): SessionHandler
function session(options?: MiddlewareOptions | CookieStoreSessionOptions): SessionHandler {
  return createMiddleware(resolveOptions(options as MiddlewareOptions))
}

declare namespace session {
  export {
    type AnyCookieOptions,
    type AnyCookieSource,
    type CandidateExplanation,
    Cookie,
    type CookieOptions,
    type CookieSource,
    type CookieStoreSessionOptions,
    type Diagnostic,
    type DiagnosticCode,
    type DiagnosticsOption,
    explainSession,
    type FoundSession,
    type HashedStore,
    type HashIdsOptions,
    hashIds,
    type ListedSession,
    lifetimeOf,
    MemoryStoreClass as MemoryStore,
    type MemoryStoreOptions,
    type MiddlewareOptions,
    type RegenerateOptions,
    readOnly,
    recommended,
    type Secret,
    Session,
    type SessionCookie,
    type SessionData,
    type SessionDraft,
    type SessionExplanation,
    type SessionHandler,
    type SessionLifetime,
    type SessionOptions,
    StoreClass as Store,
    type StoreExplanation,
    type StoreLike,
    sessionsOf,
    type User,
    type UserOf,
    type UserSessions,
    updateSession,
  }
}

// Plain assignments: Node finds the names for `import { Store } from` only in these.
module.exports = session
module.exports.Cookie = Cookie
module.exports.MemoryStore = MemoryStore
module.exports.Session = Session
module.exports.Store = Store
module.exports.explainSession = explainSession
module.exports.hashIds = hashIds
module.exports.lifetimeOf = lifetimeOf
module.exports.readOnly = readOnly
module.exports.recommended = recommended
module.exports.sessionsOf = sessionsOf
module.exports.updateSession = updateSession

export = session
