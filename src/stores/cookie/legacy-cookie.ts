import { createHmac, timingSafeEqual } from 'node:crypto'
import { Cookie } from '../../cookie/cookie'
import { expireCookie } from '../../cookie/expire-cookie'
import type { IncomingRequest } from '../../cookie/incoming-request'
import { valuesOf } from '../../cookie/read-ids'
import { debug } from '../../diagnostics/debug'
import { show } from '../../diagnostics/show'
import type { LegacyCookie } from '../../store-guard/sealed-records'
import { checkNames } from '../check-names'

/** The options of the cookie that cookie-session has set. */
export interface LegacyOptions {
  /** Its `name` option. Default: 'session'. */
  name?: string | undefined
  /** Its `keys` option: an array of texts or Buffers, or a Keygrip. For its `secret` option: `[secret]`. */
  keys: readonly (string | Uint8Array)[] | Verifier
  /** Its `path` option. Default: '/'. Needed to delete the cookie. */
  path?: string | undefined
  /** Its `domain` option. Default: none. Needed to delete the cookie. */
  domain?: string | undefined
}

/** The part of a Keygrip that is used. */
export interface Verifier {
  verify(data: string, signature: string): boolean
}

/** Returns the reader of the cookie-session cookie. Throws a TypeError for wrong options. */
export function readLegacyOptions(options: LegacyOptions): LegacyCookie {
  if (typeof options !== 'object') throw wrong(`must be an object like { name, keys }, not ${show(options)}`)
  checkNames('legacy option of CookieStore', options, ['name', 'keys', 'path', 'domain'], REMEDIES)
  const { name = 'session', keys, path, domain } = options
  // RFC 6265 has no colon, but 'express:sess' was the default of cookie-session 1.
  if (typeof name !== 'string' || !/^[\w!#$%&'*+\-.:^`|~]+$/.test(name))
    throw wrong(`has a wrong name: it must be the name of a cookie, not ${show(name)}`)
  const verify = verifierOf(keys)
  const cookie = new Cookie({ path: path ?? '/', domain })
  const expired = expireCookie(ANY_NAME, cookie).slice(ANY_NAME.length)
  const names = [name, `${name}.sig`] as const
  return {
    names,
    read(req) {
      const header = req.headers.cookie ?? ''
      const [value] = valuesOf(header, names[0])
      const [signature] = valuesOf(header, names[1])
      if (value === undefined || signature === undefined) return undefined
      return verify(`${name}=${value}`, signature) ? decode(value) : reject('signature invalid')
    },
    expire: (req) => names.filter((each) => isSent(req, each)).map((each) => each + expired),
  }
}

const REMEDIES = { secret: 'use keys: [secret]' }

/** Stands for a name that may have a colon, which `cookie.serialize` refuses. */
const ANY_NAME = 'name'

/** Throws a TypeError if the cookies of cookie-session and ours have one name: the deletion of theirs would delete ours. */
export function checkLegacyName({ names }: LegacyCookie, name: string): void {
  if (names.includes(name)) {
    throw wrong(`has the cookie ${name}, and so has session(): use another name option there, such as 'id'`)
  }
}

type Verify = (data: string, signature: string) => boolean

function verifierOf(keys: unknown): Verify {
  if (typeof (keys as Verifier | undefined)?.verify === 'function') {
    return (data, signature) => (keys as Verifier).verify(data, signature)
  }
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isKey)) {
    throw wrong('needs the keys of cookie-session: an array of texts that are not empty, or a Keygrip')
  }
  const copies = [...keys]
  return (data, signature) => {
    const given = Buffer.from(signature)
    // All of them, so that the time does not tell which one is right.
    return copies.map((key) => isSame(given, sign(data, key))).includes(true)
  }
}

function isKey(key: unknown): boolean {
  return (typeof key === 'string' || key instanceof Uint8Array) && key.length > 0
}

/** The signature of Keygrip, which cookie-session uses: HMAC with SHA-1, in base64url. */
function sign(data: string, key: string | Uint8Array): Buffer {
  return Buffer.from(createHmac('sha1', key).update(data).digest('base64url'))
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The data of a session of cookie-session: JSON in base64. */
function decode(value: string): object | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(value, 'base64').toString())
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return reject('not an object')
    // It would be taken for the cookie of the session.
    const { cookie: _, ...others } = data as { cookie?: unknown }
    return others
  } catch {
    return reject('not JSON')
  }
}

function reject(why: string): undefined {
  debug('cookie of cookie-session: %s', why)
}

function isSent({ headers }: IncomingRequest, name: string): boolean {
  return valuesOf(headers.cookie ?? '', name).length > 0
}

function wrong(problem: string): TypeError {
  return new TypeError(`legacy option of CookieStore ${problem}`)
}
