import { show } from '../../diagnostics/show'
import { reportOn } from '../../diagnostics/store-reports'
import { checkNames } from '../check-names'
import type { RedisStoreClient } from './client'

/** The options of `RedisStore`. */
export interface RedisStoreOptions {
  /**
   * The Redis client: of `redis` 4 to 6 or `ioredis` 5 or 6, a cluster of either, or `{ command(...args) }`. The store does
   * not connect or close it.
   */
  client: RedisStoreClient
  /** The start of the keys: a record's key is the prefix and the session id. Default: 'sess:', as in connect-redis. */
  prefix?: string | undefined
  /** How long a session without an expiry is kept after its last save or touch, in milliseconds. Default: 86400000, a day. */
  ttl?: number | undefined
}

/** The options with their defaults filled in. `ttl` is in milliseconds. */
export interface ResolvedRedisOptions {
  client: RedisStoreClient
  prefix: string
  ttl: number
}

/** Returns the options with their defaults. Throws a TypeError for a wrong one. */
export function resolveRedisOptions(options: RedisStoreOptions): ResolvedRedisOptions {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('RedisStore needs options: new RedisStore({ client })')
  checkNames('RedisStore', options, NAMES, REMEDIES)
  const { client, prefix, ttl } = options
  if (prefix !== undefined && typeof prefix !== 'string')
    throw new TypeError(`RedisStore's prefix option must be a string, not ${show(prefix)}`)
  return { client, prefix: prefix ?? 'sess:', ttl: readTtl(ttl) }
}

const DAY = 86_400_000

function readTtl(ttl: unknown): number {
  if (ttl === undefined) return DAY
  if (typeof ttl === 'function') {
    throw new TypeError(
      "RedisStore's ttl option must be a number of milliseconds, not a function: give a session a lifetime of its own by req.session.cookie.maxAge",
    )
  }
  if (typeof ttl !== 'number' || !(ttl > 0 && ttl <= LONGEST)) {
    throw new TypeError(
      `RedisStore's ttl option must be a number of milliseconds greater than 0, not ${show(ttl)}: the default is ${DAY}, a day`,
    )
  }
  return Math.ceil(ttl)
}

/** In milliseconds: the range of JavaScript dates. */
const LONGEST = 8.64e15

/** Reports a `ttl` that was probably meant in seconds, as connect-redis takes it. */
export function reportShortTtl(store: object, ttl: number): void {
  if (ttl >= SHORT) return
  reportOn(
    store,
    'SESSIONWARE_REDIS_TTL',
    `RedisStore's ttl option is ${ttl} milliseconds: if seconds were meant, as in connect-redis, use ${ttl * 1000}`,
  )
}

/** In milliseconds. */
const SHORT = 60_000

const NAMES = ['client', 'prefix', 'ttl']

/** What replaces the other options of connect-redis. */
const REMEDIES: Record<string, string> = {
  disableTTL: 'a session without an expiry is kept for the ttl option, and each use starts that time again',
  disableTouch:
    'use the touchAfter option of session(), or readOnly(req) for requests that must not extend a session',
  scanCount: 'remove it: only all(), length() and clear() scan, in steps of 1000',
  serializer: 'records are always JSON; to encrypt them, wrap the store',
}
