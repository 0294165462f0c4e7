import type session from '../../src'
import type { CookieStore } from '../../src/stores/cookie'
import type { RedisStore } from '../../src/stores/redis'

export type SessionLibrary = typeof session
export type LibraryName = 'ours' | 'upstream'

// Diagnostics are off by default, as in production, and MemoryStore does not warn.
process.env.NODE_ENV ??= 'test'

/** The built package; BENCH_OURS is the path of another build. */
const OURS = process.env.BENCH_OURS ?? '../../dist'

export function loadLibrary(name: LibraryName): SessionLibrary {
  return name === 'upstream' ? require('express-session') : require(OURS)
}

export function loadRedisStore(): typeof RedisStore {
  return require(`${OURS}/stores/redis`).RedisStore
}

export function loadCookieStore(): typeof CookieStore {
  return require(`${OURS}/stores/cookie`).CookieStore
}
