import { deprecate } from '../diagnostics/deprecate'
import type { SessionRequest } from '../session/attach'
import type { IdCodec, SignedId } from './id-codec'

/** Browsers keep no cookie above 4096 bytes (RFC 6265, 6.1), so nobody was ever given such an id. */
const MAX_VALUE_LENGTH = 4096

/** How many cookies of our name are looked at; a browser sends two at the most where paths or domains overlap. */
const MAX_CANDIDATES = 16

/** The ids that the request's cookies of this name carry, those with a valid signature, in the order sent. */
export function readIds(req: SessionRequest, name: string, codec: IdCodec): SignedId[] {
  const { cookie } = req.headers
  const ids: SignedId[] = []
  if (cookie) {
    for (const text of valuesOf(cookie, name)) {
      const found = codec.decode(text)
      if (found && !ids.some(({ id }) => id === found.id)) ids.push(found)
    }
  }
  return ids.length === 0 && (req.signedCookies || req.cookies) ? readParsedIds(req, name, codec) : ids
}

/** What cookie-parser made of the header, for apps that let it eat the header itself. */
function readParsedIds(req: SessionRequest, name: string, codec: IdCodec): SignedId[] {
  const verified = req.signedCookies?.[name]
  const plain = req.cookies?.[name]
  // Both may hold what the client's `j:` cookie made of them: only a string is an id.
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

/** Scans the header for one name, as `cookie.parse` would read it, and leaves all others alone. */
function valuesOf(header: string, name: string): string[] {
  const values: string[] = []
  let start = header.indexOf(name)
  while (start !== -1 && values.length < MAX_CANDIDATES) {
    const afterName = start + name.length
    const equals = skipBlanks(header, afterName)
    if (header[equals] === '=' && isAtPairStart(header, start)) {
      const semicolon = header.indexOf(';', equals)
      const end = semicolon === -1 ? header.length : semicolon
      if (end - equals <= MAX_VALUE_LENGTH) values.push(unquote(header.slice(equals + 1, end).trim()))
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
