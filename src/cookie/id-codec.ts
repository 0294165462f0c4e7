import { sign, unsign } from 'cookie-signature'
import { debug } from '../diagnostics/debug'
import { RecentMap } from '../recent-map'
import type { CookieCodec, SignedId } from './cookie-codec'
import { type Keys, prepareKeys } from './keys'

/** How many verified cookies are remembered at least. Each takes a few hundred bytes. */
const REMEMBERED = 5_000

const LONE_SURROGATE = /\p{Cs}/u

/**
 * Turns ids into signed cookie values and back. Browsers send the same text with each request, so a value that was
 * verified once is remembered, and needs no HMAC the next time.
 */
export class IdCodec implements CookieCodec {
  private readonly verified = new RecentMap<SignedId>(REMEMBERED)

  constructor(private readonly keys: Keys) {}

  /** Returns the cookie value of an id: `s:<id>.<signature>`, percent-encoded. */
  encode(id: string): string {
    return encode(sign(id, this.keys[0] as never))
  }

  /** Returns the id of a cookie value, or undefined unless one of the keys signed it. */
  decode(text: string): SignedId | undefined {
    return this.verified.get(text) ?? this.verify(decode(text))
  }

  /** The same for a value that is already percent-decoded. */
  verify(value: string): SignedId | undefined {
    if (!value.startsWith('s:')) {
      debug('cookie unsigned')
      return undefined
    }
    const signed = value.slice(2)
    for (const key of this.keys) {
      const id = unsign(signed, key as never)
      if (id) return this.remember(id, signed, key === this.keys[0])
    }
    debug('cookie signature invalid')
    return undefined
  }

  /** Stores copies: a slice of the header would keep the whole header in memory. */
  private remember(id: string, signed: string, isCurrentKey: boolean): SignedId {
    // cookie-parser can give a string that cannot be percent-encoded, from a `j:` cookie.
    if (LONE_SURROGATE.test(signed)) return { id, text: undefined }
    const text = encode(signed)
    const copy = decode(text).slice(2, 2 + id.length)
    const signedId: SignedId = isCurrentKey ? { id: copy, text } : { id: copy, text: undefined, isOld: true }
    this.verified.set(text, signedId)
    return signedId
  }
}

/**
 * Returns a function that gives the codec of a `secret` option. The application may change the array of secrets while
 * it runs, to rotate them. Throws a TypeError for an invalid secret.
 */
export function codecSource(secret: unknown): () => IdCodec {
  let codec = new IdCodec(prepareKeys(secret))
  if (!Array.isArray(secret)) return () => codec
  let current = [...secret]
  return () => {
    if (isSame(current, secret)) return codec
    codec = new IdCodec(prepareKeys(secret))
    current = [...secret]
    return codec
  }
}

/** The same for `req.secret`, which cookie-parser sets. It is the same for each request, so one codec is kept. */
export function requestCodecSource(): (secret: unknown) => IdCodec | undefined {
  let last: unknown
  let source: (() => IdCodec) | undefined
  return (secret) => {
    if (!secret) return undefined
    if (!source || secret !== last) source = codecSource(secret)
    last = secret
    return source()
  }
}

function isSame(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && a.every((secret, index) => secret === b[index])
}

function encode(signed: string): string {
  return encodeURIComponent(`s:${signed}`)
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
