import type { KeyObject } from 'node:crypto'
import { RecentMap } from '../../recent-map'
import { type PackedSession, pack, unpack } from './packed-session'
import { OVERHEAD, XaesKey } from './xaes'

/** A session that came in a cookie, or that was sealed. */
export interface SealedSession extends PackedSession {
  /** A key that is not the first one has sealed it. */
  readonly isOld: boolean
}

/** How many sealed cookies are remembered at least. Each takes about twice its length; a cookie has at most 4 kB. */
const REMEMBERED = 1_000

/**
 * Seals sessions into the values of one cookie, and opens them. Browsers send the same value with each request, so a value
 * that was sealed or opened here is remembered, and needs no decryption the next time.
 */
export class CookieSeal {
  private readonly keys: readonly XaesKey[]
  private readonly aad: Buffer
  private readonly known = new RecentMap<SealedSession>(REMEMBERED)

  /** `name` is authenticated: a value is not valid in a cookie with another name. The first key seals, all of them open. */
  constructor(
    keys: readonly KeyObject[],
    readonly name: string,
  ) {
    this.keys = keys.map((key) => new XaesKey(key))
    this.aad = Buffer.from(name)
  }

  /** Returns the cookie value of a session. */
  seal(session: PackedSession): string {
    const value = (this.keys[0] as XaesKey).seal(pack(session), this.aad).toString('base64url')
    this.known.set(value, { ...session, isOld: false })
    return value
  }

  /** Returns the session of a cookie value, or undefined if none of the keys has sealed it under this name. */
  open(value: string): SealedSession | undefined {
    const known = this.known.get(value)
    if (known) return known
    // Decoding ignores other characters, but a value must have one form only.
    if (!/^[\w-]+$/.test(value)) return undefined
    const sealed = Buffer.from(value, 'base64url')
    for (const key of this.keys) {
      const text = key.open(sealed, this.aad)
      if (text === undefined) continue
      const session = unpack(text)
      if (!session) return undefined
      const opened = { ...session, isOld: key !== this.keys[0] }
      // A copy: a part of the header would keep the whole header in memory.
      this.known.set(sealed.toString('base64url'), opened)
      return opened
    }
    return undefined
  }
}

/** Returns how long the cookie value of a session is. */
export function sealedLength(session: PackedSession): number {
  return Math.ceil(((OVERHEAD + Buffer.byteLength(pack(session))) * 4) / 3)
}
