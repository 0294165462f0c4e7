import { sign, unsign } from 'cookie-signature'
import { debug } from '../diagnostics/debug'
import { Generations } from '../recent-map'
import type { Keys } from './keys'

/** Of how many clients the cookie is remembered at least: a few hundred bytes each. */
const ENOUGH = 5_000

const LONE_SURROGATE = /\p{Cs}/u

/** An id that came with a valid signature. */
export interface SignedId {
  id: string
  /** The cookie value that would be made of it again; undefined where that is not known. */
  text: string | undefined
}

/**
 * Makes cookie values of ids, and ids of cookie values. Browsers send with each request the very text they were given:
 * what was valid once is remembered and takes no HMAC again. The secrets of a codec never change.
 */
export class IdCodec {
  private readonly known = new Generations<SignedId>(ENOUGH)

  constructor(private readonly keys: Keys) {}

  /** The cookie value of an id: `s:<id>.<signature>`, percent-encoded. */
  encode(id: string): string {
    return encode(sign(id, this.keys[0] as never))
  }

  /** The id of a cookie value, if a key of ours signed it. */
  decode(text: string): SignedId | undefined {
    return this.known.get(text) ?? this.verify(decode(text))
  }

  /** The same for a value that somebody else has decoded. */
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

  /** Keeps no part of what came: with it the whole header would stay in memory. */
  private remember(id: string, signed: string, isCurrent: boolean): SignedId {
    // cookie-parser may have made of its `j:` cookie what cannot be encoded.
    if (LONE_SURROGATE.test(signed)) return { id, text: undefined }
    const text = encode(signed)
    const signedId = { id: decode(text).slice(2, 2 + id.length), text: isCurrent ? text : undefined }
    this.known.set(text, signedId)
    return signedId
  }
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
