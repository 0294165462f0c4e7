import { sign } from 'cookie-signature'
import type { Response } from 'supertest'
import { SECRET } from './settings'

/** Returns a Cookie header with a signed id. */
export function signedCookie(sid: string, secret = SECRET, name = 'connect.sid') {
  return `${name}=${encodeURIComponent(`s:${sign(sid, secret)}`)}`
}

/** Returns the Set-Cookie lines of the session cookie in a response. */
export function setCookies(res: Response, name = 'connect.sid') {
  const lines: string[] = [res.headers['set-cookie'] ?? []].flat()
  return lines.filter((line) => line.startsWith(`${name}=`))
}

/** Parses the only Set-Cookie line of the session cookie; undefined if there is none. */
export function readSetCookie(res: Response, name = 'connect.sid') {
  const [line, second] = setCookies(res, name)
  if (second !== undefined) throw new Error(`the response sets two session cookies: ${line} and ${second}`)
  if (line === undefined) return undefined
  const [pair = '', ...attributes] = line.split('; ')
  const value = decodeURIComponent(pair.slice(name.length + 1))
  return {
    pair,
    sid: value.slice(2, value.lastIndexOf('.')),
    attributes: Object.fromEntries(attributes.map(readAttribute)),
  }
}

/** Returns the Cookie header for the client's next request. */
export function cookieOf(res: Response, name = 'connect.sid') {
  const cookie = readSetCookie(res, name)
  if (!cookie) throw new Error(`the response sets no cookie named ${name}`)
  return cookie.pair
}

export function sidOf(res: Response, name = 'connect.sid') {
  return readSetCookie(res, name)?.sid
}

function readAttribute(attribute: string): [string, string | true] {
  const index = attribute.indexOf('=')
  return index === -1 ? [attribute, true] : [attribute.slice(0, index), attribute.slice(index + 1)]
}

/** Returns the id in a Cookie header that has only the session's cookie. */
export function sidOfCookie(cookie: string) {
  const value = decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1))
  return value.slice(2, value.lastIndexOf('.'))
}
