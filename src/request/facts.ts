import type { Facts } from '../policy/decide'
import { peekId, peekSession, UNREAD } from '../session/attach'
import type { RequestSession } from '../session/request-session'
import { Session, touchesByDefault } from '../session/session'
import { stateFor } from '../session/session-state'

/**
 * Collects the facts about a request's session that the policy needs. Returns undefined if there is nothing to decide:
 * there is no session of this middleware, or a new one that no handler has read.
 */
export function collectFacts(owner: RequestSession): Facts | undefined {
  const { req, tracker } = owner
  const seen = peekSession(req)
  const isUnread = seen === UNREAD
  if (!owner.isInCharge || (isUnread && !owner.isLoaded)) return undefined
  // null and undefined mean that the application unset the session; other falsy values mean nothing.
  if (!seen && seen != null) return undefined
  const session = seen && !isUnread ? owner.refresh(seen) : undefined
  // A session that was assigned after `destroy` has got a new id.
  // The id of a new session is not drawn for this: the session may hold nothing.
  const sessionID = peekId(req)
  return {
    hasId: typeof sessionID === 'string' || sessionID === UNREAD,
    hasSession: Boolean(seen),
    isSentId: sessionID === tracker.sentId?.id,
    isDestroyed: isDestroyed(owner, session),
    isOutdated: owner.cookieRefresh?.isOutdated ?? false,
    isTouchDue: isTouchDue(owner, session),
    change: session ? tracker.compare(session, owner.snapshot as string) : tracker.unchanged,
  }
}

/** Whether the id of the session was destroyed. `session` is undefined if no handler has read it. */
function isDestroyed(owner: RequestSession, session: Session | undefined): boolean {
  const state = session ? stateFor(session, owner) : owner.idState
  return state?.isDestroyed ?? false
}

/** Whether an unchanged session must be touched, and its cookie sent again if `rolling` is on. */
function isTouchDue(owner: RequestSession, session: Session | undefined): boolean {
  const { touchLog } = owner.settings
  const id = owner.tracker.sentId?.id
  if (!touchLog || id === undefined || owner.lacksMarks) return true
  return touchLog.isDue(id, (session?.cookie ?? owner.ownCookie)?.originalMaxAge)
}

/** Calls a `touch` that the application has replaced. It may change the data, so this comes before the facts. */
export function touchByApplication(owner: RequestSession): void {
  const seen = peekSession(owner.req)
  const toucher = seen === UNREAD ? Session.prototype : seen
  if (owner.isInCharge && toucher instanceof Session && !touchesByDefault(toucher)) owner.touch()
}
