import type { Cookie } from '../../cookie/cookie'
import type { SignedId } from '../../cookie/cookie-codec'
import { type CookieData, expiryOf } from '../../cookie/cookie-data'
import { checkCookieSize, sizeOfCookie } from '../../cookie/cookie-size'
import { debug } from '../../diagnostics/debug'
import { closedError } from '../../session/save-errors'
import type { LearnTime, LegacyCookie, SealedRecords } from '../../store-guard/sealed-records'
import type { SyncRecord } from '../../store-guard/sync-methods'
import type { StoreLike } from '../../types'
import { type CookieSeal, type SealedSession, sealedLength } from './cookie-seal'
import { compact, type PackedSession } from './packed-session'

/** How the cookies of a middleware are sealed. */
export interface Sealing {
  readonly seal: CookieSeal
  /** The lifetime of sessions whose cookie has no expiry, in milliseconds. */
  readonly ttl: number
  readonly learn: LearnTime
  readonly legacy: LegacyCookie | undefined
}

/** The sessions in the cookies of one request, and those that the request makes. */
export class RequestCookies implements SealedRecords {
  hasUnsent = false
  /** The sessions that came with the request, at most three. */
  private readonly opened: SealedSession[] = []
  /** The sessions that the request has written, by id. */
  private written: Map<string, PackedSession> | undefined
  private destroyed: Set<string> | undefined
  private opens = 0
  private closed: 'headers sent' | 'no response' | undefined

  constructor(
    readonly store: StoreLike,
    private readonly sealing: Sealing,
  ) {}

  get legacy(): LegacyCookie | undefined {
    return this.sealing.legacy
  }

  /** Opens at most three values. */
  decode(value: string): SignedId | undefined {
    if (this.opens === MAX_OPENS) return undefined
    this.opens++
    const session = this.sealing.seal.open(value)
    if (!session) return reject('sealed cookie invalid')
    if (this.endOf(session) <= Date.now()) return reject('sealed cookie expired')
    const { id, sealedAt, isOld } = session
    if (!isOld) this.sealing.learn(id, sealedAt)
    this.opened.push(session)
    return { id, text: undefined }
  }

  verify(value: string): SignedId | undefined {
    return this.decode(value)
  }

  /** Returns the cookie value with the session of this id. */
  encode(id: string): string {
    return this.sealing.seal.seal(this.find(id) as PackedSession)
  }

  read(id: string): SyncRecord | undefined {
    return this.find(id)
  }

  /** The size is checked when the session is sealed. */
  write(id: string, cookie: unknown, snapshot: string): void {
    this.put({ id, sealedAt: Date.now(), cookie: compact(cookie), snapshot })
  }

  /** The same for an explicit save: it throws at once if the session is too large. */
  save(id: string, cookie: Cookie, snapshot: string): void {
    const session = { id, sealedAt: Date.now(), cookie: compact(cookie), snapshot }
    checkCookieSize(sizeOfCookie(this.sealing.seal.name, sealedLength(session), cookie), snapshot)
    this.put(session)
  }

  touch(id: string, cookie: unknown): void {
    const session = this.find(id)
    if (session) this.write(id, cookie, session.snapshot)
  }

  destroy(id: string): void {
    this.checkOpen()
    this.written?.delete(id)
    this.destroyed ??= new Set()
    this.destroyed.add(id)
  }

  close(reason: 'headers sent' | 'no response'): void {
    this.closed ??= reason
  }

  isUnsent(id: string): boolean {
    return this.written?.has(id) ?? false
  }

  isDue(id: string): boolean {
    const session = this.opened.find((each) => each.id === id)
    if (!session) return false
    const isTemporary = expiryOf(session.cookie) === undefined
    return session.isOld || (isTemporary && Date.now() - session.sealedAt >= this.sealing.ttl / RENEWALS)
  }

  isDestroyed(id: string): boolean {
    return this.destroyed?.has(id) ?? false
  }

  cookieOf(id: string): CookieData | undefined {
    return this.find(id)?.cookie
  }

  snapshotOf(id: string): string | undefined {
    return this.find(id)?.snapshot
  }

  private find(id: string): PackedSession | undefined {
    const written = this.written?.get(id)
    return written ?? (this.isDestroyed(id) ? undefined : this.opened.find((session) => session.id === id))
  }

  private put(session: PackedSession): void {
    this.checkOpen()
    this.hasUnsent = true
    this.written ??= new Map()
    this.written.set(session.id, session)
    this.destroyed?.delete(session.id)
  }

  private endOf({ cookie, sealedAt }: PackedSession): number {
    return expiryOf(cookie) ?? sealedAt + this.sealing.ttl
  }

  private checkOpen(): void {
    if (this.closed) throw closedError(this.closed)
  }
}

/** How many cookies of one request are opened at most. A browser sends several where paths or domains overlap. */
const MAX_OPENS = 3

/** How often a session without an expiry is sealed anew in its lifetime, while it is used. */
const RENEWALS = 10

function reject(reason: string): undefined {
  debug(reason)
}
