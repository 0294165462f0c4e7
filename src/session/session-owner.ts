import type { Cookie } from '../cookie/cookie'
import type { Facts } from '../policy/decide'
import { OWNER, type Owner, peekSession, UNSEEN } from './attach'
import { LazySession } from './request-session'
import { adoptSession, Session, touchesByDefault } from './session'
import { takeSnapshot } from './snapshot'

/** Answers for the session of one request: tells what there is to know of it, and keeps account of what is done to it. */
export class SessionOwner extends LazySession implements Owner {
  private isTouched = false

  noteSave(session: Session, snapshot = takeSnapshot(session)): void {
    this.tracker.noteSave(session, snapshot)
  }

  noteReload(): void {
    this.tracker.noteReload(this.req.session as Session)
  }

  /** The cookie of now. */
  get cookie(): Cookie {
    return this.isPending ? (this.ownCookie as Cookie) : (this.req.session as Session).cookie
  }

  /** Starts the lifetime anew, once a request, so that the cookie and the record agree. */
  touch(): void {
    if (this.isTouched) return
    const { cookie } = this
    if (this.isPending && touchesByDefault(Session.prototype)) cookie.maxAge = cookie.originalMaxAge
    else (this.req.session as Session).touch()
    this.isTouched = true
  }

  /** A touch of the application's own may change the data, so it comes before they are looked at. */
  touchFirst(): void {
    const seen = peekSession(this.req)
    const toucher = seen === UNSEEN ? Session.prototype : seen
    const isSession = seen === UNSEEN || seen instanceof Session
    if (this.isInCharge && isSession && !touchesByDefault(toucher as Session)) this.touch()
  }

  /** What there is to know now; undefined where there never was a session, or nobody looked at a new one. */
  facts(): Facts | undefined {
    const { req, tracker } = this
    const seen = peekSession(req)
    const isUnseen = seen === UNSEEN
    if (!this.isInCharge || (isUnseen && !this.record)) return undefined
    // What is falsy but not null is neither a session nor unset.
    if (!seen && seen != null) return undefined
    const { sessionID } = req
    const session = seen && !isUnseen ? this.refresh(seen) : undefined
    return {
      hasId: typeof sessionID === 'string',
      hasSession: Boolean(seen),
      isKnown: sessionID === tracker.sent?.id,
      isDead: this.client.isDead(sessionID as string),
      hasExpiry: session?.cookie.expires != null,
      change: session ? tracker.compare(session, this.snapshot as string) : tracker.unchanged,
    }
  }

  /** False before there was a session, and where another middleware has given the request its own since. */
  private get isInCharge(): boolean {
    return this.hasBegun && this.req[OWNER] === this
  }

  /** Takes the snapshot of what is at `req.session` now. A clone of a session has its class, but neither id nor request. */
  private refresh(value: unknown): Session {
    const session =
      value instanceof Session && value.req ? value : adoptSession(this.req, value, this.ownCookie as Cookie)
    this.snapshot = takeSnapshot(session)
    return session
  }
}
