import { Cookie, type CookieOptions } from './cookie/cookie'
import { IdCodec } from './cookie/id-codec'
import { prepareKeys, type Secret } from './cookie/keys'
import { makeCookie } from './cookie/make-cookie'
import { readIds } from './cookie/read-ids'
import { SetCookieWriter } from './cookie/set-cookie'
import type { SessionRequest } from './session/attach'
import { generateId } from './session/generate-id'
import { Session } from './session/session'
import { isMissing } from './store-guard/call-store'
import { guardedStore } from './store-guard/guarded-store'
import type { SessionData, StoreLike } from './types'

const DEFAULT_NAME = 'connect.sid'

/** How the application under test signs and names its cookie. */
export interface SigningOptions {
  /** The `secret` option of the application's `session()`. Of several the first signs and all verify. */
  secret: Secret | Secret[]
  /** The `name` option of the application's `session()`. Default: 'connect.sid'. */
  name?: string | undefined
}

/** The options of `createSessionCookie`. */
export interface SessionCookieOptions extends SigningOptions {
  /** The session's id. */
  sid: string
}

/** The options of `seedSession`. */
export interface SeedOptions extends SigningOptions {
  /** The session's id. Default: a new one. */
  sid?: string | undefined
  /** The attributes and the lifetime of the session's cookie, as in `session({ cookie })`. Default: no expiry. */
  cookie?: CookieOptions | undefined
}

/** A response of supertest, of `fetch` or of `node:http`. */
export interface TestedResponse {
  headers: object
}

/** The data of a seeded session: the application's keys, without the cookie. */
export type SeedData = Partial<Omit<SessionData, 'cookie'>>

/**
 * Returns the Cookie header of a session: `request(app).get('/').set('Cookie', createSessionCookie({ sid, secret }))`.
 * Throws a TypeError for an invalid id, secret or name.
 */
export function createSessionCookie({ sid, secret, name = DEFAULT_NAME }: SessionCookieOptions): string {
  if (typeof sid !== 'string' || sid === '') throw new TypeError('sid must be a non-empty string')
  const text = new IdCodec(prepareKeys(secret)).encode(sid)
  const [pair] = new SetCookieWriter(name).write(text, new Cookie()).split(';', 1)
  return pair as string
}

/**
 * Writes a session with this data to the store, and resolves to the Cookie header of its client. Rejects with the
 * store's error, and with a TypeError for an invalid store, and for data that a session cannot hold.
 */
export async function seedSession(store: StoreLike, data: SeedData, options: SeedOptions): Promise<string> {
  checkStore(store)
  const { sid = generateId(), cookie } = options
  const header = createSessionCookie({ ...options, sid })
  const session = makeSession(store, sid, data)
  session.cookie = makeCookie(cookie ?? {}, { headers: {} } as SessionRequest, undefined)
  await session.save()
  return header
}

/**
 * Resolves to the stored record of the session cookie that a response sets, or that a Cookie header carries; undefined if
 * there is no record. Rejects with the store's error, and if there is no such cookie or its signature is invalid.
 */
export async function readSession(
  store: StoreLike,
  from: TestedResponse | string,
  { secret, name = DEFAULT_NAME }: SigningOptions,
): Promise<SessionData | undefined> {
  checkStore(store)
  const pairs = typeof from === 'string' ? from.split(/; */) : lastOf(name, setCookiesOf(from))
  const request = { headers: { cookie: pairs.join('; ') } } as SessionRequest
  const [found] = readIds(request, name, new IdCodec(prepareKeys(secret)))
  if (!found) throw new Error(`no cookie "${name}" signed with this secret in: ${namesOf(pairs)}`)
  return new Promise((resolve, reject) => {
    guardedStore(store).get(found.id, (err, record) => {
      if (err && !isMissing(err)) reject(err)
      else resolve(record ?? undefined)
    })
  })
}

function checkStore(store: Partial<StoreLike> | undefined): void {
  if (typeof store?.get === 'function' && typeof store.set === 'function') return
  throw new TypeError("store must be the application's session store: an object with get, set and destroy")
}

function makeSession(store: StoreLike, sid: string, data: SeedData): Session {
  if (typeof data !== 'object' || data === null) throw new TypeError('data must be an object')
  if ('cookie' in data) throw new TypeError('data must not have a cookie: use the cookie option')
  const session = new Session({ sessionID: sid, sessionStore: store }, data)
  for (const [key, value] of Object.entries(data)) {
    if (Reflect.get(session, key) === value) continue
    throw new TypeError(`data must not have the key "${key}": a session has its own`)
  }
  return session
}

/** Returns each cookie that the response sets, as `name=value`. */
function setCookiesOf(response: Partial<TestedResponse> | undefined): string[] {
  const headers = response?.headers
  if (!headers) throw new TypeError('readSession() needs a response that was awaited, or a Cookie header')
  const { getSetCookie } = headers as { getSetCookie?: () => string[] }
  const lines =
    getSetCookie?.call(headers) ?? (headers as Record<string, string | string[]>)['set-cookie'] ?? []
  return [lines].flat().map((line) => line.split(';', 1)[0] as string)
}

/** Leaves out all but the last cookie of this name, as browsers do. Other cookies are kept for the error's text. */
function lastOf(name: string, pairs: string[]): string[] {
  const isOurs = (pair: string) => pair.startsWith(`${name}=`)
  return pairs.filter((pair) => !isOurs(pair) || pair === pairs.findLast(isOurs))
}

/** Lists names without values: a test's output may be public. */
function namesOf(pairs: string[]): string {
  return pairs.map((pair) => pair.split('=', 1)[0]).join(', ') || 'no cookies at all'
}
