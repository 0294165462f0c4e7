import { deprecate } from '../diagnostics/deprecate'
import type { CookieCodec, SignedId } from './cookie-codec'
import type { IncomingRequest } from './incoming-request'

/** The longest cookie value that is read. Browsers need not keep a cookie above 4096 bytes (RFC 6265, 6.1). */
export const MAX_VALUE_LENGTH = 4096

/** How many cookies of one name are read. A browser sends several where paths or domains overlap. */
const MAX_COOKIES = 16

/** How many ids are returned. The store is asked for each of them, and a client can keep many validly signed cookies. */
export const MAX_IDS = 3

/** Returns up to three ids: of the request's cookies of this name that have a valid signature, in the order of the header. */
export function readIds(req: IncomingRequest, name: string, codec: CookieCodec): SignedId[] {
  const { cookie } = req.headers
  const ids: SignedId[] = []
  if (cookie) {
    for (const text of valuesOf(cookie, name)) {
      const found = codec.decode(text)
      if (!found || ids.some(({ id }) => id === found.id)) continue
      if (ids.push(found) === MAX_IDS) break
    }
  }
  return ids.length === 0 && (req.signedCookies || req.cookies) ? readParsedIds(req, name, codec) : ids
}

/** Reads the id from cookie-parser's results, for applications that remove the Cookie header after parsing it. */
function readParsedIds(req: IncomingRequest, name: string, codec: CookieCodec): SignedId[] {
  const verified = req.signedCookies?.[name]
  const plain = req.cookies?.[name]
  // A client's `j:` cookie makes cookie-parser give an object. Only a string is an id.
  const found =
    typeof verified === 'string' && verified !== ''
      ? { id: verified, text: undefined }
      : typeof plain === 'string'
        ? codec.verify(plain)
        : undefined
  if (!found || found.id.length > MAX_VALUE_LENGTH) return []
  deprecate('cookie should be available in req.headers.cookie')
  return [found]
}

/** Returns the values of one cookie name, as `cookie.parse` reads them, without parsing the other cookies. */
export function valuesOf(header: string, name: string, maxLength = MAX_VALUE_LENGTH): string[] {
  const values: string[] = []
  let start = header.indexOf(name)
  while (start !== -1 && values.length < MAX_COOKIES) {
    const afterName = start + name.length
    const equals = skipBlanks(header, afterName)
    if (header[equals] === '=' && isAtPairStart(header, start)) {
      const semicolon = header.indexOf(';', equals)
      const end = semicolon === -1 ? header.length : semicolon
      if (end - equals - 1 <= maxLength) values.push(unquote(header.slice(equals + 1, end).trim()))
    }
    start = header.indexOf(name, afterName)
  }
  return values
}

function skipBlanks(header: string, from: number): number {
  let at = from
  while (header[at] === ' ' || header[at] === '\t') at++
  return at
}

function isAtPairStart(header: string, start: number): boolean {
  let before = start - 1
  while (header[before] === ' ' || header[before] === '\t') before--
  return before < 0 || header[before] === ';'
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}
