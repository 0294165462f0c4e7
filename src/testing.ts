import { Cookie, type CookieOptions } from './cookie/cookie'
import { IdCodec } from './cookie/id-codec'
import { prepareKeys, type Secret } from './cookie/keys'
import { readIds } from './cookie/read-ids'
import { SetCookieWriter } from './cookie/set-cookie'
import type { SessionRequest } from './session/attach'
import { generateId } from './session/generate-id'
import { Session } from './session/session'
import { clientOf } from './store-guard/guarded-store'
import { passMissing } from './store-suite/ask'
import type { SessionData, StoreLike } from './types'

const DEFAULT_NAME = 'connect.sid'

/** How the application under test signs its cookie, and what it calls it. */
export interface SigningOptions {
  /** The `secret` option of the application's `session()`. Of several the first signs and all verify. */
  secret: Secret | Secret[]
  /** The `name` option of the application's `session()`. Default: 'connect.sid'. */
  name?: string | undefined
}

/** What `createSessionCookie` signs. */
export interface SessionCookieOptions extends SigningOptions {
  /** The session's id. */
  sid: string
}

/** How `seedSession` writes a session. */
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

/** What tests put into a session: what the application keeps there, without the cookie. */
export type SeedData = Partial<Omit<SessionData, 'cookie'>>

/**
 * Gives the Cookie header of a session: `request(app).get('/').set('Cookie', createSessionCookie({ sid, secret }))`.
 * Throws a TypeError for an id, a secret or a name that no application has.
 */
export function createSessionCookie({ sid, secret, name = DEFAULT_NAME }: SessionCookieOptions): string {
  if (typeof sid !== 'string' || sid === '') throw new TypeError('sid must be a non-empty string')
  const text = new IdCodec(prepareKeys(secret)).encode(sid)
  const [pair] = new SetCookieWriter(name).write(text, new Cookie()).split(';', 1)
  return pair as string
}

/**
 * Writes a session that holds this data to the store, and gives the Cookie header of its client. Rejects with the
 * store's error, and with a TypeError for what is no store, and for data that a session cannot hold.
 */
export async function seedSession(store: StoreLike, data: SeedData, options: SeedOptions): Promise<string> {
  checkStore(store)
  const { sid = generateId(), cookie } = options
  const header = createSessionCookie({ ...options, sid })
  const session = makeSession(store, sid, data)
  session.cookie = new Cookie(cookie)
  // A test may use one id again and again, and the application may have destroyed the session before.
  clientOf(store).revive(sid)
  await session.save()
  return header
}

/**
 * Reads what the store holds for the session cookie that a response sets, or that a Cookie header carries; undefined
 * where it holds nothing. Rejects with the store's error, and where there is no such cookie or it is not signed so.
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
  const reading = new Promise<SessionData | undefined>((resolve, reject) => {
    clientOf(store).get(found.id, (err, record) => (err ? reject(err) : resolve(record ?? undefined)))
  })
  return reading.catch(passMissing)
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

/** Each cookie that the response sets, as `name=value`. */
function setCookiesOf(response: Partial<TestedResponse> | undefined): string[] {
  const headers = response?.headers
  if (!headers) throw new TypeError('readSession() needs a response that was awaited, or a Cookie header')
  const { getSetCookie } = headers as { getSetCookie?: () => string[] }
  const lines =
    getSetCookie?.call(headers) ?? (headers as Record<string, string | string[]>)['set-cookie'] ?? []
  return [lines].flat().map((line) => line.split(';', 1)[0] as string)
}

/** Browsers keep the last of two; the cookies of other names are kept for the error's text. */
function lastOf(name: string, pairs: string[]): string[] {
  const isOurs = (pair: string) => pair.startsWith(`${name}=`)
  return pairs.filter((pair) => !isOurs(pair) || pair === pairs.findLast(isOurs))
}

/** Never the values: a test's output may be public. */
function namesOf(pairs: string[]): string {
  return pairs.map((pair) => pair.split('=', 1)[0]).join(', ') || 'no cookies at all'
}
