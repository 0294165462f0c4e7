import { isDuration } from '../../cookie/attributes'
import { show } from '../../diagnostics/show'
import { takeSnapshot } from '../../session/snapshot'
import { type CookieKeeper, OPEN_COOKIES } from '../../store-guard/sealed-records'
import { defineSyncMethod } from '../../store-guard/sync-methods'
import type { SessionData } from '../../types'
import { checkNames } from '../check-names'
import { StoreClass } from '../store'
import { type CookieKey, readCookieKeys } from './cookie-keys'
import { CookieSeal } from './cookie-seal'
import { checkLegacyName, type LegacyOptions, readLegacyOptions } from './legacy-cookie'
import { RequestCookies } from './request-cookies'

// biome-ignore lint/suspicious/noExplicitAny: callers annotate the error as they like, as in @types/express-session.
type StoreError = any

type Done = (err?: StoreError) => void

const COOKIES: unique symbol = Symbol('cookies of a request')

/** The options of `new CookieStore(options)`. */
export interface CookieStoreOptions {
  /**
   * The keys that encrypt the sessions, each 32 random bytes: a Buffer, a secret KeyObject, or text in base64, base64url or
   * hex. The first one seals, all of them open, and a session under another one is sealed anew. A wrong key is a TypeError
   * with the command that makes one.
   */
  keys: CookieKey | readonly CookieKey[]
  /**
   * How long a session lasts whose cookie has no expiry (no `cookie.maxAge`), in milliseconds after it was last sealed. While
   * such a session is used, it is sealed anew each time that a tenth of this time is over. Default: 86400000, one day.
   * A TypeError unless it is a finite positive number.
   */
  ttl?: number | undefined
  /** The cookie of cookie-session whose sessions are continued. Default: none. */
  legacy?: LegacyOptions | undefined
}

/**
 * A store that keeps the whole session in the browser's cookie, encrypted and authenticated with XAES-256-GCM
 * (c2sp.org/XAES-256-GCM): `session({ store: new CookieStore({ keys }) })`. It needs no server and no `secret`. A session
 * has at most about 2800 bytes of JSON: a cookie has at most 4096 bytes (RFC 6265, 6.1).
 *
 * A copy of the cookie works until it expires, also after a logout: docs/cookie-store.md says what follows from that.
 */
export class CookieStore extends StoreClass implements CookieKeeper {
  /** @internal The sessions of one request. The store itself has none. */
  declare readonly [COOKIES]: RequestCookies | undefined
  /** Opens the cookies of requests, for the middleware. */
  declare readonly [OPEN_COOKIES]: CookieKeeper[typeof OPEN_COOKIES]

  constructor(options: CookieStoreOptions) {
    super()
    const { keys, ttl, legacy } = readOptions(options)
    const open: CookieKeeper[typeof OPEN_COOKIES] = (name, learn) => {
      if (legacy) checkLegacyName(legacy, name)
      const sealing = { seal: new CookieSeal(keys, name), ttl, learn, legacy }
      return () => {
        const store = Object.create(this)
        store[COOKIES] = new RequestCookies(store, sealing)
        return store[COOKIES]
      }
    }
    // Not enumerable: a store that is logged must not show its keys.
    Object.defineProperty(this, OPEN_COOKIES, { value: open })
  }

  /** Answers with a session of this request. Only the store at `req.sessionStore` has sessions. */
  get(sid: string, callback: (err: StoreError, session?: SessionData | null) => void): void {
    const found = this[COOKIES]?.read(sid)
    callback(null, found && { ...JSON.parse(found.snapshot), cookie: { ...found.cookie } })
  }

  /** Puts a session into the response of this request. An error if its headers were sent, and if it is too large. */
  set(sid: string, session: SessionData, callback?: Done): void {
    cookiesOf(this).save(sid, session.cookie, takeSnapshot(session))
    callback?.()
  }

  /** Deletes the browser's cookie by the response of this request. A copy of the cookie stays valid. */
  destroy(sid: string, callback?: Done): void {
    cookiesOf(this).destroy(sid)
    callback?.()
  }

  /** Moves the expiry of a session of this request. */
  override touch(sid: string, session: SessionData, callback?: Done): void {
    cookiesOf(this).touch(sid, session.cookie)
    callback?.()
  }
}

defineSyncMethod(CookieStore.prototype, 'get', function (this: CookieStore, sid) {
  return cookiesOf(this).read(sid)
})
defineSyncMethod(CookieStore.prototype, 'set', function (this: CookieStore, sid, cookie, snapshot) {
  cookiesOf(this).write(sid, cookie, snapshot)
})
defineSyncMethod(CookieStore.prototype, 'touch', function (this: CookieStore, sid, cookie) {
  cookiesOf(this).touch(sid, cookie)
})

function cookiesOf(store: CookieStore): RequestCookies {
  const cookies = store[COOKIES]
  if (cookies) return cookies
  throw new TypeError(
    'a CookieStore has no sessions: they are in the cookies of a request, so use req.session or req.sessionStore',
  )
}

function readOptions(options: CookieStoreOptions) {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('CookieStore needs options like { keys: [process.env.SESSION_KEY] }')
  }
  checkNames('CookieStore', options, ['keys', 'ttl', 'legacy'], REMEDIES)
  const { keys, ttl = DAY, legacy } = options
  if (!isDuration(ttl) || ttl <= 0) {
    throw new TypeError(
      `ttl option of CookieStore must be a positive number of milliseconds, not ${show(ttl)}`,
    )
  }
  return { keys: readCookieKeys(keys), ttl, legacy: legacy && readLegacyOptions(legacy) }
}

const DAY = 24 * 60 * 60 * 1000

/** What replaces other options of cookie-session. */
const REMEDIES = {
  secret: 'use keys, which encrypt: 32 random bytes each',
  name: 'it is an option of session()',
  maxAge: 'it is an attribute in the cookie option of session()',
}
