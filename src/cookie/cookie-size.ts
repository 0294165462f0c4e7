import { serialize } from 'cookie'
import type { Cookie } from './cookie'

/** The most bytes of a cookie, with its name and attributes, that all browsers keep (RFC 6265, 6.1). */
export const MAX_COOKIE = 4096

/** Throws a `TooLargeError` if a cookie is too large for a browser. `size`: the bytes of its Set-Cookie value. */
export function checkCookieSize(size: number, snapshot: string | undefined): void {
  if (size > MAX_COOKIE) throw new TooLargeError(size, snapshot ?? '{}')
}

/**
 * Returns the bytes of the Set-Cookie value with this cookie, before there is a value. The cookie may be the one that a
 * store receives: a session whose cookie ends with the browser may have an expiry in the store.
 */
export function sizeOfCookie(name: string, valueLength: number, cookie: Cookie): number {
  const { data } = cookie
  const isUntilClose = data?.originalMaxAge == null
  const attributes = { ...data, expires: isUntilClose ? undefined : data?.expires }
  return serialize(name, '', attributes as Parameters<typeof serialize>[2]).length + valueLength
}

/** The error of a session that does not fit into a cookie. It names keys of the data, and shows no data. */
export class TooLargeError extends Error {
  readonly code = 'ERR_SESSION_TOO_LARGE'
  /** The keys with the most data, at most three, and the bytes of their JSON. In the cookie they need a third more. */
  readonly largest: readonly { readonly key: string; readonly bytes: number }[]

  /** `size`: the bytes of the cookie with its name and attributes. */
  constructor(
    readonly size: number,
    snapshot: string,
  ) {
    const largest = largestOf(snapshot)
    const keys = largest.map(({ key, bytes }) => `${key} (${bytes} bytes)`)
    super(
      `the session is too large for a cookie: with its name and attributes it has ${size} bytes, and browsers keep at most ${MAX_COOKIE}. Its largest keys: ${keys.join(', ')}`,
    )
    this.largest = largest
  }
}

function largestOf(snapshot: string) {
  return Object.entries(Object(JSON.parse(snapshot)))
    .map(([key, value]) => ({ key, bytes: Buffer.byteLength(JSON.stringify(value)) }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
}
