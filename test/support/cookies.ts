import { sign } from 'cookie-signature'
import type { Response } from 'supertest'
import { SECRET } from './settings'

/** A Cookie header with a correctly signed id. */
export function signedCookie(sid: string, secret = SECRET, name = 'connect.sid') {
  return `${name}=${encodeURIComponent(`s:${sign(sid, secret)}`)}`
}

/** The session's Set-Cookie lines of a response. */
export function setCookies(res: Response, name = 'connect.sid') {
  const lines: string[] = [res.headers['set-cookie'] ?? []].flat()
  return lines.filter((line) => line.startsWith(`${name}=`))
}

/** The one Set-Cookie line of the session, taken apart; undefined when there is none. */
export function readSetCookie(res: Response, name = 'connect.sid') {
  const [line, second] = setCookies(res, name)
  if (second !== undefined) throw new Error(`two cookies in one response: ${line} and ${second}`)
  if (line === undefined) return undefined
  const [pair = '', ...attributes] = line.split('; ')
  const value = decodeURIComponent(pair.slice(name.length + 1))
  return {
    pair,
    sid: value.slice(2, value.lastIndexOf('.')),
    attributes: Object.fromEntries(attributes.map(readAttribute)),
  }
}

/** The Cookie header with which the client comes back. */
export function cookieOf(res: Response, name = 'connect.sid') {
  const cookie = readSetCookie(res, name)
  if (!cookie) throw new Error(`the response sets no ${name}`)
  return cookie.pair
}

export function sidOf(res: Response, name = 'connect.sid') {
  return readSetCookie(res, name)?.sid
}

function readAttribute(attribute: string): [string, string | true] {
  const index = attribute.indexOf('=')
  return index === -1 ? [attribute, true] : [attribute.slice(0, index), attribute.slice(index + 1)]
}
