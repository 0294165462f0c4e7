import type { CookieCodec } from '../cookie/cookie-codec'
import type { CookieData } from '../cookie/cookie-data'
import type { IncomingRequest } from '../cookie/incoming-request'
import type { StoreLike } from '../types'

/**
 * The sessions that came in the cookies of one request, for a store that keeps them there. It is what the id codec and the
 * store are together for all other stores: the records are opened when the cookies are read, and the store's methods work
 * on them, until one is sealed into the cookie of the response.
 */
export interface SealedRecords extends CookieCodec {
  /** The store of this request: its methods know the records of the request. */
  readonly store: StoreLike
  /** Called when the headers are built. From then on a change is an error, since no cookie can be sent any more. */
  close(reason: 'headers sent' | 'no response'): void
  /** There is a record that the browser has not. */
  readonly hasUnsent: boolean
  /** Returns whether the record of this id is another one than the browser has. */
  isUnsent(id: string): boolean
  /** Returns whether the record must be sent anew, although nothing has changed. */
  isDue(id: string): boolean
  /** Returns the session's cookie of the record of this id, as plain data. */
  cookieOf(id: string): CookieData | undefined
  /** Returns the JSON of the data of this id. */
  snapshotOf(id: string): string | undefined
  /** Returns whether this request has destroyed the record. */
  isDestroyed(id: string): boolean
  /** The cookie of another library that may be in the request, until it is adopted. */
  readonly legacy: LegacyCookie | undefined
}

/** A session in the cookies of another library. */
export interface LegacyCookie {
  /** The names of its cookies. */
  readonly names: readonly string[]
  /** Returns the data of the request's session, if its cookies have a valid signature. */
  read(req: IncomingRequest): object | undefined
  /** Returns the Set-Cookie values that delete the cookies of the request; none if it has none. */
  expire(req: IncomingRequest): string[]
}

/** The key of the method by which a store opens the cookies of a request. */
export const OPEN_COOKIES: unique symbol = Symbol('open cookies')

/** A store that keeps the sessions in the cookies of the browser. */
export interface CookieKeeper extends StoreLike {
  [OPEN_COOKIES](name: string, learn: LearnTime): (req: IncomingRequest) => SealedRecords
}

/** Called with the id of an opened session, and with when it was sealed, in milliseconds since the epoch. */
export type LearnTime = (id: string, sealedAt: number) => void

/** Returns the store if it keeps the sessions in cookies. */
export function cookieKeeper(store: unknown): CookieKeeper | undefined {
  const isKeeper = typeof (store as Partial<CookieKeeper> | null | undefined)?.[OPEN_COOKIES] === 'function'
  return isKeeper ? (store as CookieKeeper) : undefined
}
