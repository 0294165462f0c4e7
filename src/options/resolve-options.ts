import type { Request } from 'express'
import { resolveCookieOptions } from '../cookie/cookie-options'
import { codecSource, requestCodecSource } from '../cookie/id-codec'
import { SetCookieWriter } from '../cookie/set-cookie'
import { deprecate } from '../diagnostics/deprecate'
import { generateId } from '../session/generate-id'
import { MemoryStore } from '../stores/memory/memory-store'
import type { StoreLike } from '../types'
import type { SessionOptions } from './session-options'
import type { Settings } from './settings'

/** Checks the options and fills in the defaults. Throws a TypeError for a wrong option. */
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
    store: warnAboutMemoryStore(options.store ? checkStore(options.store) : new MemoryStore()),
    generateId: genid ? (req) => genid(req as unknown as Request) : generateId,
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

/** Accepts a token, as a cookie's name must be (RFC 6265, 4.1.1). */
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
  // A subclass of Store may get its methods later.
  if (typeof get !== 'function' && typeof createSession !== 'function') {
    throw new TypeError('store option must be a store: an object with the methods get, set and destroy')
  }
  return store as StoreLike
}

/** Warns in production, where one process is often not enough. */
function warnAboutMemoryStore(store: StoreLike): StoreLike {
  if (store instanceof MemoryStore && process.env.NODE_ENV === 'production') {
    console.warn(
      'Warning: MemoryStore keeps sessions in the memory of this process only: they are lost when it ends, and other processes cannot read them.',
    )
  }
  return store
}
