import type { Request } from 'express'
import type { AnyCookieSource, CookieSource } from '../cookie/cookie-options'
import type { Secret } from '../cookie/keys'
import type { DiagnosticsOption } from '../diagnostics/reporter'
import type { CookieKeeper } from '../store-guard/sealed-records'
import type { Store } from '../stores/store'
import type { StoreLike } from '../types'

/** The options of `session()`: those of express-session 1.19, and more that are off by default. */
export interface SessionOptions {
  /**
   * Signs the cookie: at least 32 random bytes. Of an array, the first secret signs and all of them verify, so that a
   * secret can be replaced without ending sessions. The type requires it, as that of 1.19 does. Default without types:
   * `req.secret`, which cookie-parser sets (deprecated).
   */
  secret: Secret | Secret[]
  /** The cookie's name. Default: 'connect.sid'. */
  name?: string | undefined
  /** The old spelling of `name`. */
  key?: string | undefined
  /** Where sessions are stored. Default: a new `MemoryStore`. */
  store?: Store | undefined
  /** The cookie's attributes, or a function that returns them for a request. Default: `{ path: '/', httpOnly: true }`. */
  cookie?: CookieSource | undefined
  /** Returns the id of a new session, or a promise of it. Default: 24 random bytes in base64url. */
  genid?(req: Request): string | Promise<string>
  /**
   * How to tell that a request came over HTTPS: true trusts the X-Forwarded-Proto header, false reads no header,
   * undefined uses Express's 'trust proxy' setting. Default: undefined.
   */
  proxy?: boolean | undefined
  /** Save a session at the end of each request even if it has not changed. Default: true (deprecated: set it explicitly). */
  resave?: boolean | undefined
  /**
   * How a changed session is saved while other requests of it run. 'overwrite': the whole session, so the last request
   * wins. 'merge': only the top-level keys that the request has changed, onto what the store has then, and never a session
   * that was ended elsewhere meanwhile; it needs `resave: false` (docs/concurrency.md). Default: 'overwrite'.
   */
  saveMode?: 'overwrite' | 'merge' | undefined
  /** Save new sessions that hold no data, and send their cookie. Default: true (deprecated: set it explicitly). */
  saveUninitialized?: boolean | undefined
  /** Send the cookie with each response, so that its expiry is counted from the last request. Default: false. */
  rolling?: boolean | undefined
  /**
   * The session ends this many milliseconds after its last request (OWASP Session Management Cheat Sheet; ASVS 5, 7.3.1).
   * Default: false, no limit. A TypeError unless it is a finite positive number, and at most `absoluteTimeout`.
   */
  idleTimeout?: number | false | undefined
  /**
   * The session ends this many milliseconds after it began: after it was made, or after `regenerate()` without `keep` (ASVS 5, 7.3.2;
   * NIST SP 800-63B-4, 2.2.3). Default: false, no limit. A TypeError unless it is a finite positive number.
   */
  absoluteTimeout?: number | false | undefined
  /**
   * An unchanged session is touched, and its cookie sent again if `rolling` is on, at most once in this many milliseconds.
   * A session may then end up to that much earlier. Default: 0, at each request. A TypeError unless it is a finite number from 0 up
   * that is less than the shortest lifetime of a session.
   */
  touchAfter?: number | undefined
  /** Whether the stored session is destroyed or kept when `req.session` is deleted or set to null. Default: 'keep'. */
  unset?: 'destroy' | 'keep' | undefined
  /**
   * `req.session.destroy()` and `unset: 'destroy'` also delete the browser's cookie, in the response of the same request
   * (OWASP Session Management: "clear the session cookie"). Not if the response sets a cookie of this name, if another
   * request has ended the session, or if the browser has got another session cookie meanwhile. If the headers were sent
   * before, the diagnostic SESSIONWARE_COOKIE_NOT_CLEARED reports it. Default: false. Other values than true and false: a TypeError.
   */
  clearCookie?: boolean | undefined
  /**
   * Sends a cookie again, and updates its record, if its attributes differ from the `cookie` option of today, or if a
   * secret signed it that is no longer the first one. Values that the application gave one session
   * (`req.session.cookie.maxAge`) stay. Default: false. Other values than true and false: a TypeError.
   */
  refreshCookie?: boolean | undefined
  /**
   * Adds `Vary: Cookie` to responses whose handler used the session, and `Cache-Control: private` to those that set the
   * session cookie (RFC 9111, 5.2.2.7; CVE-2023-30861). `public` and `s-maxage` are removed then, and the diagnostic
   * SESSIONWARE_CACHE_CONTROL reports it. Default: false. Other values than true and false: a TypeError.
   */
  cacheControl?: boolean | undefined
  /**
   * How long a call of the store may take, in milliseconds: positive, at most 2147483647, else a TypeError. After that time
   * the call is an error with the `code` 'ERR_SESSION_STORE_TIMEOUT', and a later answer of the store is ignored; a write
   * that it still does is not undone. The limit applies to the calls of `req.session` too. Default: false, no limit, as in
   * express-session.
   * Source: OWASP ASVS 5.0, 13.2.6 (timeouts of the connections to other services).
   */
  storeTimeout?: number | false | undefined
  /**
   * Passes the error of a save or a destroy at the end of the response to `next`, and sends the response of the error
   * handler instead: a client that gets the application's answer knows that its session is stored. A response of which a
   * part was sent before is cut at its end. The error of a `touch` comes after the response, as without this option.
   * A value that is not a boolean is a TypeError. Default: false, as in express-session: the response is sent.
   * Source: OWASP ASVS 5.0, 16.5.3 (fail securely).
   */
  failOnSaveError?: boolean | undefined
  /**
   * Reports mistakes, each once, with a code, the values that were seen and the remedy (docs/diagnostics.md): never with
   * session ids or secrets. Default: process warnings for what has already gone wrong, and nothing if NODE_ENV is
   * 'production' or 'test' when `session()` is called. true: warnings in any environment, with advice. A function gets
   * `{ code, message, detail }` instead, each code once for this `session()`. false: nothing. Other values: a TypeError.
   */
  diagnostics?: DiagnosticsOption | undefined
}

/** The options of `session()` with a store that keeps the sessions in cookies: it encrypts them, and needs no `secret`. */
export interface CookieStoreSessionOptions extends Omit<MiddlewareOptions, 'secret' | 'store'> {
  /** A `CookieStore` of `sessionware/cookie-store`. */
  store: CookieKeeper
  /** Not used. */
  secret?: Secret | Secret[] | undefined
}

/**
 * The options that `session()` takes: those of `SessionOptions`, with a plain object as a store and a `maxAge` of null.
 * `SessionOptions` has the narrower types, for code that reads them from there.
 */
export interface MiddlewareOptions extends Omit<SessionOptions, 'store' | 'cookie'> {
  /** See `SessionOptions.store`. Any object with `get`, `set` and `destroy` can be a store. */
  store?: StoreLike | undefined
  /** See `SessionOptions.cookie`. */
  cookie?: AnyCookieSource | undefined
}
