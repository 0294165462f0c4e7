import type { Cookie } from '../cookie/cookie'
import { expiryOf } from '../cookie/cookie-data'
import { type LifetimeMarks, lastWriteOf, RecordCookie, readStart, startOf } from '../cookie/record-cookie'
import { absoluteEndOf, endOf, type Limits } from '../policy/lifetime'
import type { RecordExpiry } from '../store-guard/record-expiry'
import type { SessionData } from '../types'

/** The lifetime of one request's session, while `idleTimeout` or `absoluteTimeout` is on. */
export class RequestLifetime {
  /**
   * When the session began, in milliseconds since the epoch: when it was made or, without a start in its record, when it
   * was first loaded. Undefined while `absoluteTimeout` is off.
   */
  startedAt: number | undefined
  /** The loaded record lacks what the timeouts need, and a touch may not add it: the session must be saved once. */
  lacksMarks = false
  /** The end that the loaded record has, if a touch cannot have moved it elsewhere. */
  recordEnd: number | undefined

  constructor(
    private readonly limits: Limits,
    private readonly expiry: RecordExpiry,
  ) {}

  /** Called when a new session is made. */
  begin(): void {
    this.lacksMarks = false
    this.recordEnd = undefined
    this.startedAt = this.limits.absolute === undefined ? undefined : Date.now()
  }

  /** Called after `begin` if the new session continues one that began at `startedAt`, under a new id. */
  keepStart(startedAt: number | undefined): void {
    this.startedAt = startedAt
  }

  /** Called when a session was loaded. `given` is the start, if the store keeps it beside the record's cookie. */
  load({ cookie }: SessionData, given: number | undefined): void {
    const { limits, expiry } = this
    if (!expiry.canTouch || expiry.touchWritesRecord) this.recordEnd = expiryOf(cookie)
    if (limits.idle !== undefined && !expiry.canTouch) this.lacksMarks = lastWriteOf(cookie) === undefined
    if (limits.absolute === undefined) return
    const startedAt = given === undefined ? startOf(cookie) : readStart(given)
    this.startedAt = startedAt ?? Date.now()
    if (startedAt === undefined && !expiry.touchWritesRecord) this.lacksMarks = true
  }

  /** Makes a loaded cookie show what `Set-Cookie` says: its record has the end of the session. */
  showBrowserExpiry(cookie: Cookie): void {
    // @ts-expect-error: null means no expiry.
    cookie.maxAge = cookie.originalMaxAge
  }

  /** Returns the cookie that the store receives. */
  storeCookie(cookie: Cookie, lastWrite: LifetimeMarks['lastWrite']): Cookie {
    const { limits, startedAt } = this
    const end = endOf(limits, startedAt, expiryOf(cookie), Date.now())
    const marks: LifetimeMarks = {}
    if (startedAt !== undefined) marks.startedAt = startedAt
    if (limits.idle !== undefined && !this.expiry.touchesSync) {
      marks.lastWrite = lastWrite
      if (lastWrite === 'save' && this.expiry.hasTouchedRecords) marks.touchWrites = true
    }
    return new RecordCookie(cookie, end, marks)
  }

  get absoluteEnd(): number | undefined {
    return absoluteEndOf(this.limits.absolute, this.startedAt)
  }
}
