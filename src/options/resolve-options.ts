import type { Request } from 'express'
import { configuredSource } from '../cookie/configured-cookie'
import { resolveCookieOptions } from '../cookie/cookie-options'
import { codecSource, requestCodecSource } from '../cookie/id-codec'
import { SetCookieWriter } from '../cookie/set-cookie'
import { deprecate } from '../diagnostics/deprecate'
import { reportText } from '../diagnostics/report-text'
import { type Reporter, reporterOf } from '../diagnostics/reporter'
import { show } from '../diagnostics/show'
import { addReporter } from '../diagnostics/store-reports'
import { generateId } from '../session/generate-id'
import { recordStoreOf } from '../store-guard/keyed-store'
import { type CookieKeeper, cookieKeeper, OPEN_COOKIES } from '../store-guard/sealed-records'
import { MemoryStore } from '../stores/memory/memory-store'
import type { StoreLike } from '../types'
import { checkedGenid } from './checks/checked-genid'
import { reportOptions } from './checks/report-options'
import { resolveLifetime } from './resolve-lifetime'
import type { MiddlewareOptions } from './session-options'
import type { Settings } from './settings'

/** Checks the options and fills in the defaults. Throws a TypeError for a wrong option. */
export function resolveOptions(given?: Partial<MiddlewareOptions> | null): Settings {
  const options = checkArgument(given || {})
  const reporter = reporterOf(options.diagnostics)
  const { cookie, secret } = options
  const genid = checkGenid(options.genid)
  const keeper = cookieKeeper(options.store)
  const resave = resolveFlag(options, 'resave', reporter, keeper)
  const saveUninitialized = resolveFlag(options, 'saveUninitialized', reporter, keeper)
  const unset = checkUnset(options.unset)
  const merges = resolveSaveMode(options, resave, keeper)
  const proxy = checkProxy(options.proxy, reporter)
  const name = checkName(options.name || options.key || 'connect.sid', reporter)
  const cookieFor = resolveCookieOptions(cookie, reporter)
  const store = warnAboutMemoryStore(options.store ? checkStore(options.store, reporter) : new MemoryStore())
  addReporter(store, reporter)
  reportOptions(options, name, store, reporter)
  const storeTimeout = checkStoreTimeout(options.storeTimeout)
  const lifetime = resolveLifetime(options, store)
  return {
    name,
    reporter,
    setCookie: new SetCookieWriter(name),
    codecFor: keeper ? () => undefined : codecForRequests(secret),
    openCookies: keeper?.[OPEN_COOKIES](name, (id, sealedAt) => lifetime.touchLog?.learn(id, sealedAt)),
    cookieFor,
    store,
    // A store that keeps the sessions in cookies makes no calls that take time.
    storeTimeout: keeper ? undefined : storeTimeout,
    failOnSaveError: readBoolean(options, 'failOnSaveError'),
    generateId: genid ? checkedGenid((req) => genid(req as unknown as Request), reporter) : generateId,
    isLazy: !genid && typeof cookie !== 'function' && !saveUninitialized,
    proxy,
    resave,
    merges,
    saveUninitialized,
    rolling: readFlag(options, 'rolling', reporter),
    destroyOnUnset: unset === 'destroy',
    clearCookie: readBoolean(options, 'clearCookie'),
    configuredFor: readBoolean(options, 'refreshCookie') ? configuredSource(proxy) : undefined,
    cacheControl: readBoolean(options, 'cacheControl'),
    ...lifetime,
  }
}

function checkArgument(options: Partial<MiddlewareOptions>): Partial<MiddlewareOptions> {
  if (typeof options !== 'object') {
    throw new TypeError(
      `session() takes an object of options, like { secret, resave: false }, not ${show(options)}`,
    )
  }
  if ('headers' in options && 'url' in options) {
    throw new TypeError('session() got a request: write app.use(session({ secret })), not app.use(session)')
  }
  return options
}

/** Falsy values mean "not set", as in express-session. So do those of `unset`. */
function checkGenid(genid: MiddlewareOptions['genid'] | undefined): MiddlewareOptions['genid'] | undefined {
  if (genid && typeof genid !== 'function') throw new TypeError('genid option must be a function')
  return genid
}

function checkUnset(unset: MiddlewareOptions['unset']): MiddlewareOptions['unset'] {
  if (!unset || unset === 'destroy' || unset === 'keep') return unset
  throw new TypeError('unset option must be "destroy" or "keep"')
}

function checkStoreTimeout(value: unknown): number | undefined {
  if (value === undefined || value === false) return undefined
  if (typeof value === 'number' && value > 0 && value <= LONGEST_TIMER) return value
  throw new TypeError(
    `storeTimeout option must be a positive number of milliseconds, at most ${LONGEST_TIMER}, not ${show(value)}: false means no limit`,
  )
}

/** Node's timers take no longer delay: it becomes 1 ms. */
const LONGEST_TIMER = 2_147_483_647

function codecForRequests(secret: MiddlewareOptions['secret'] | undefined): Settings['codecFor'] {
  if (secret !== undefined) return codecSource(secret)
  deprecate('req.secret; provide secret option')
  const codecOf = requestCodecSource()
  return (req) => codecOf(req.secret)
}

/** The default is that of express-session. A store of cookies has no such history, and sends none without a need. */
function resolveFlag(
  options: Partial<MiddlewareOptions>,
  name: 'resave' | 'saveUninitialized',
  reporter: Reporter | undefined,
  keeper: CookieKeeper | undefined,
): boolean {
  if (options[name] !== undefined || keeper) return readFlag(options, name, reporter)
  deprecate(`undefined ${name} option; provide ${name} option`)
  return true
}

/** Returns whether saves are merged. */
function resolveSaveMode(
  { saveMode }: Partial<MiddlewareOptions>,
  resave: boolean,
  keeper: CookieKeeper | undefined,
): boolean {
  if (saveMode === undefined || saveMode === 'overwrite') return false
  if (saveMode !== 'merge') {
    throw new TypeError(`saveMode option must be "overwrite" or "merge", not ${show(saveMode)}`)
  }
  if (keeper) {
    throw new TypeError(
      'saveMode "merge" does not go with a CookieStore: each request has only its own copy of the session, so there is nothing to merge with; leave saveMode out',
    )
  }
  if (resave) {
    throw new TypeError(
      'saveMode "merge" saves only what a request has changed: set the resave option to false, its default is true',
    )
  }
  return true
}

function readFlag(
  options: Partial<MiddlewareOptions>,
  name: 'resave' | 'saveUninitialized' | 'rolling',
  reporter: Reporter | undefined,
): boolean {
  reportText(reporter, name, options[name])
  return Boolean(options[name])
}

/** For options that express-session does not have. */
function readBoolean(
  options: Partial<MiddlewareOptions>,
  name: 'clearCookie' | 'refreshCookie' | 'cacheControl' | 'failOnSaveError',
): boolean {
  const value: unknown = options[name]
  if (value === undefined || typeof value === 'boolean') return value ?? false
  throw new TypeError(`${name} option must be true or false, not ${show(value)}`)
}

/** Other values than true and false count as undefined, as in express-session. */
function checkProxy(value: unknown, reporter: Reporter | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value !== undefined && value !== null) {
    reporter?.report(
      'SESSIONWARE_BOOLEAN',
      'proxy option is neither true nor false, so it counts as undefined',
      { option: 'proxy', value },
    )
  }
  return undefined
}

/** Accepts a token, as a cookie's name must be (RFC 6265, 4.1.1). */
function checkName(given: unknown, reporter: Reporter | undefined): string {
  const name = typeof given === 'symbol' ? '' : String(given)
  if (!/^[\w!#$%&'*+\-.^`|~]+$/.test(name)) {
    throw new TypeError(
      `name option must be a cookie name of letters, digits and "-", "_" or ".", not ${show(given)}`,
    )
  }
  if (given !== name)
    reporter?.report('SESSIONWARE_NAME', `name option is not a string: use ${JSON.stringify(name)}`, { name })
  return name
}

function checkStore(store: unknown, reporter: Reporter | undefined): StoreLike {
  if (typeof store === 'function') {
    throw new TypeError('store option must be a store, not its class: make one with `new`')
  }
  const methods = store as Partial<StoreLike>
  const missing = REQUIRED.filter((name) => typeof methods[name] !== 'function')
  if (missing.length === 0) return store as StoreLike
  // A subclass of Store may get its methods later, and one without `destroy` works until a session is destroyed.
  if (typeof methods.createSession !== 'function') {
    throw new TypeError(
      `store option must be a store: an object with the methods get, set and destroy; it has no ${missing.join(', ')}`,
    )
  }
  if (missing.length < REQUIRED.length) {
    reporter?.report(
      'SESSIONWARE_STORE',
      `store option has no method ${missing.join(', ')}: a store needs get, set and destroy`,
      { missing },
    )
  }
  return store as StoreLike
}

const REQUIRED = ['get', 'set', 'destroy'] as const

/** Warns in production, where one process is often not enough. */
function warnAboutMemoryStore(store: StoreLike): StoreLike {
  if (recordStoreOf(store) instanceof MemoryStore && process.env.NODE_ENV === 'production') {
    console.warn(
      'Warning: MemoryStore keeps sessions in the memory of this process only: they are lost when it ends, and other processes cannot read them.',
    )
  }
  return store
}
