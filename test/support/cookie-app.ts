import { randomBytes } from 'node:crypto'
import type { SessionOptions } from '../../src'
import { CookieStore, type CookieStoreOptions } from '../../src/stores/cookie'
import { type Layer, serve } from './app'
import { ours } from './implementations'

/** A key of the tests' apps. */
export const KEY = randomBytes(32)

/** Returns the middleware with the session in the cookie. */
export function cookieSession(
  options: Partial<SessionOptions> = {},
  storeOptions: Partial<CookieStoreOptions> = {},
): Layer {
  const store = new CookieStore({ keys: [KEY], ...storeOptions })
  return ours({ store, ...options } as SessionOptions) as Layer
}

/** Serves these layers behind it with Express 5. */
export function serveCookieApp(options: Partial<SessionOptions>, ...layers: Layer[]) {
  return serve(cookieSession(options), ...layers)
}
