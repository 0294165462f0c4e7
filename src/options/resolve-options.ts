import type { Request } from 'express'
import { codecSource, requestCodecSource } from '../cookie/codec-source'
import type { CookieOptions } from '../cookie/cookie'
import { type CookieSource, resolveCookieOptions } from '../cookie/cookie-options'
import type { IdCodec } from '../cookie/id-codec'
import type { Secret } from '../cookie/keys'
import { SetCookieWriter } from '../cookie/set-cookie'
import { deprecate } from '../diagnostics/deprecate'
import type { Rules } from '../policy/decide'
import type { SessionRequest } from '../session/attach'
import { generateId } from '../session/generate-id'
import { MemoryStore } from '../stores/memory/memory-store'
import type { StoreLike } from '../types'

/** The options of `session()`: those of express-session 1.19. */
export interface SessionOptions {
  /**
   * Signs the cookie: at least 32 random bytes. Of several the first signs and all verify, so that secrets can be
   * replaced without logging anybody out. Default: `req.secret`, as cookie-parser sets it (deprecated).
   */
  secret?: Secret | Secret[] | undefined
  /** The cookie's name. Default: 'connect.sid'. */
  name?: string | undefined
  /** The old spelling of `name`. */
  key?: string | undefined
  /** Where sessions are kept. Default: a new `MemoryStore`. */
  store?: StoreLike | undefined
  /** The cookie's attributes, or a function that gives them for a request. Default: `{ path: '/', httpOnly: true }`. */
  cookie?: CookieSource | undefined
  /** Makes the id of a new session, or a promise of it. Default: 24 random bytes in base64url. */
  genid?(req: Request): string | Promise<string>
  /** Believe X-Forwarded-Proto (true), no header (false), or Express's 'trust proxy' (undefined). Default: undefined. */
  proxy?: boolean | undefined
  /** Save a session at the end of each request even if nothing changed. Default: true (deprecated: set it explicitly). */
  resave?: boolean | undefined
  /** Save new sessions that hold nothing, and send their cookie. Default: true (deprecated: set it explicitly). */
  saveUninitialized?: boolean | undefined
  /** Send the cookie with each response, so that its expiry moves. Default: false. */
  rolling?: boolean | undefined
  /** What becomes of the stored session when `req.session` is deleted or set to null. Default: 'keep'. */
  unset?: 'destroy' | 'keep' | undefined
}

/** The options as the request path reads them: checked and complete. */
export interface Settings extends Rules {
  readonly name: string
  readonly setCookie: SetCookieWriter
  /** What signs and verifies the ids of a request; undefined where nobody has a secret. */
  codecFor(req: SessionRequest): IdCodec | undefined
  readonly store: StoreLike
  cookieFor(req: SessionRequest): CookieOptions
  generateId(req: SessionRequest): unknown
  /** Ids come from the random generator: none comes twice. */
  readonly hasRandomIds: boolean
  /** No function of the application's takes part in a new session, so it can wait until somebody looks at it. */
  readonly isLazy: boolean
  readonly proxy: boolean | undefined
  readonly resave: boolean
}

/** Checks the options and fills in the defaults. Throws a TypeError for each wrong one. */
export function resolveOptions(given?: SessionOptions | null): Settings {
  const options = given || {}
  if (typeof options !== 'object') {
    throw new TypeError('session() takes an object of options, like { secret, resave: false }')
  }
  const { genid, unset, cookie, secret } = options
  if (genid && typeof genid !== 'function') throw new TypeError('genid option must be a function')
  const resave = resolveFlag(options, 'resave')
  const saveUninitialized = resolveFlag(options, 'saveUninitialized')
  if (unset && unset !== 'destroy' && unset !== 'keep') {
    throw new TypeError('unset option must be "destroy" or "keep"')
  }

  const name = checkName(options.name || options.key || 'connect.sid')
  return {
    name,
    setCookie: new SetCookieWriter(name),
    codecFor: codecForRequests(secret),
    cookieFor: resolveCookieOptions(cookie),
    store: warnOfMemory(options.store ? checkStore(options.store) : new MemoryStore()),
    generateId: genid ? (req) => genid(req as unknown as Request) : generateId,
    hasRandomIds: !genid,
    isLazy: !genid && typeof cookie !== 'function' && !saveUninitialized,
    proxy: options.proxy,
    resave,
    saveUninitialized,
    rolling: Boolean(options.rolling),
    destroyOnUnset: unset === 'destroy',
  }
}

function codecForRequests(secret: SessionOptions['secret']): Settings['codecFor'] {
  if (secret !== undefined) return codecSource(secret)
  deprecate('req.secret; provide secret option')
  const codecOf = requestCodecSource()
  return (req) => codecOf(req.secret)
}

function resolveFlag(options: SessionOptions, name: 'resave' | 'saveUninitialized'): boolean {
  const value = options[name]
  if (value === undefined) deprecate(`undefined ${name} option; provide ${name} option`)
  return value === undefined || Boolean(value)
}

/** A cookie's name is a token (RFC 6265, 4.1.1). */
function checkName(name: unknown): string {
  if (typeof name === 'string' && /^[\w!#$%&'*+\-.^`|~]+$/.test(name)) return name
  throw new TypeError(
    `name option must be a cookie name of letters, digits and "-", "_" or ".", not ${JSON.stringify(name)}`,
  )
}

function checkStore(store: unknown): StoreLike {
  if (typeof store === 'function') {
    throw new TypeError('store option must be a store, not its class: make one with `new`')
  }
  const { get, createSession } = store as Partial<StoreLike>
  // A `Store` may be given its methods later.
  if (typeof get !== 'function' && typeof createSession !== 'function') {
    throw new TypeError('store option must be a store: an object with the methods get, set and destroy')
  }
  return store as StoreLike
}

/** What works on a developer's machine may not be what is wanted of a server farm. */
function warnOfMemory(store: StoreLike): StoreLike {
  if (store instanceof MemoryStore && process.env.NODE_ENV === 'production') {
    console.warn(
      'Warning: MemoryStore keeps the sessions in this one process: they end with it, and no other process sees them.',
    )
  }
  return store
}
