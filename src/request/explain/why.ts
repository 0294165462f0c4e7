import { isSecure } from '../../cookie/incoming-request'
import type { Settings } from '../../options/settings'
import { type Action, decideAction, type Facts } from '../../policy/decide'
import { peekSession, UNREAD } from '../../session/attach'
import { hasDestroyed } from '../../session/ended-session'
import type { Ending, RequestSession } from '../../session/request-session'
import { canTouch } from '../../store-guard/abilities'
import { collectFacts } from '../facts'
import type { SessionExplanation } from './explanation'

type Verdict = Pick<SessionExplanation, 'action' | 'why'>

/** Returns the facts of a request that goes on, or undefined if there is nothing to decide. */
export function currentFacts(owner: RequestSession): Facts | undefined {
  try {
    // Collecting them would make a session of a value that the application has assigned.
    const isPlain = peekSession(owner.req) !== UNREAD && hasDestroyed(owner)
    return isPlain ? undefined : collectFacts(owner)
  } catch {
    return undefined
  }
}

/** Explains what is done in the store. `facts` are those of the decision, or today's before it. */
export function explainAction(
  owner: RequestSession,
  settings: Settings,
  facts: Facts | undefined,
  decided: Action | undefined,
  changed: string[],
): Verdict {
  if (hasDestroyed(owner)) return { action: 'destroy', why: 'the handler has called destroy()' }
  if (isLost(owner)) return { action: 'nothing', why: GONE }
  if (owner.isReadOnly && owner.tracker.hasSaved) return SAVED
  if (!facts) return { action: 'nothing', why: whyNothing(owner) }
  const action = decided ?? decideAction(facts, settings)
  if (action === 'nothing') return explainNothing(owner, settings, facts)
  if (action === 'destroy') return { action, why: "req.session was unset, with unset: 'destroy'" }
  if (action === 'save') return { action, why: whySave(settings, facts, changed) }
  if (owner.lifetime?.lacksMarks) return { action: 'save', why: 'its record needs the marks of the timeouts' }
  if (owner.tracker.hasSaved) return SAVED
  if (canTouch(owner.store.store)) return { action, why: 'it has not changed, and its expiry moves' }
  return { action: 'nothing', why: 'it has not changed, and the store has no touch()' }
}

function whyNothing(owner: RequestSession): string {
  if (owner.misses?.some(({ error }) => error)) return 'the store has failed, so there is no session'
  if (!owner.hasStarted) return 'there is no session yet'
  if (owner.isReadOnly) return 'the request is read-only, by readOnly(req)'
  if (!owner.isRead) return 'the session is new, and no handler has read it'
  if (!peekSession(owner.req)) return 'there is no session'
  return 'another middleware has given the request its session'
}

function explainNothing(owner: RequestSession, settings: Settings, facts: Facts): Verdict {
  if (facts.isDestroyed) return { action: 'nothing', why: 'another request has ended the session' }
  if (owner.tracker.hasSaved) return SAVED
  if (!facts.hasSession && hasCalledDestroy(owner)) return DESTROY_FAILED
  if (!facts.hasSession) return { action: 'nothing', why: "req.session was unset, with unset: 'keep'" }
  if (!facts.hasId) return { action: 'nothing', why: 'the id of the session is not a string' }
  if (!facts.isSentId && !settings.saveUninitialized)
    return { action: 'nothing', why: 'the session is new and empty' }
  if (!facts.isTouchDue) return { action: 'nothing', why: 'it has not changed, and touchAfter is not over' }
  return { action: 'nothing', why: 'it has not changed' }
}

/** With `saveMode: 'merge'`, the store has answered a save or an update that it has no record. */
function isLost({ baseline, idState }: RequestSession): boolean {
  return baseline?.isLost === true && baseline.state === idState
}

const GONE = 'its record is gone: another request has ended the session, or it has expired'

/** The session is not destroyed, since the store has failed: else `hasDestroyed` says so. */
function hasCalledDestroy({ destroyedState, idState }: RequestSession): boolean {
  return destroyedState !== undefined && destroyedState === idState
}

const DESTROY_FAILED: Verdict = {
  action: 'destroy',
  why: 'the handler has called destroy(), and the store has failed',
}

/** By the handler or, where the response is a stream, with its headers. There is no more to save at the end. */
const SAVED: Verdict = { action: 'save', why: 'it was saved before the end of the response' }

function whySave(settings: Settings, { change, isSentId }: Facts, changed: string[]): string {
  if (changed.length > 0)
    return `${isSentId ? '' : 'it is new, and '}${changed.join(', ')} ${changed.length > 1 ? 'have' : 'has'} changed`
  if (change.isModified) return 'it has changed'
  if (!isSentId && settings.saveUninitialized) return 'it is new, with saveUninitialized'
  return settings.resave ? 'it has not changed, with resave' : 'the options of its cookie have changed'
}

/** Explains whether the response sets the cookie. */
export function explainCookie(
  owner: RequestSession,
  settings: Settings,
  ending: Ending,
): SessionExplanation['cookie'] {
  const isBuilt = owner.head !== 'open'
  if (ending.hasFailed) return { sent: false, why: 'the error handler has made the response' }
  const facts = isBuilt ? ending.cookieFacts : currentFacts(owner)
  if (isBuilt ? isCleared(owner, ending) : ending.mustClearCookie(facts)) {
    return { sent: true, why: 'the session has ended, and clearCookie deletes its cookie' }
  }
  if (ending.cookie === undefined) {
    if (hasDestroyed(owner)) return { sent: false, why: 'the session was destroyed' }
    if (isLost(owner)) return { sent: false, why: GONE }
  }
  if (!facts) return { sent: false, why: isBuilt && hasSession(owner, ending) ? TOO_LATE : whyNothing(owner) }
  const isWanted = ending.mustSetCookie(facts)
  if (ending.cookie !== undefined || (!isBuilt && isWanted && canCarry(owner, settings))) {
    return { sent: true, why: whySent(settings, facts) }
  }
  return { sent: false, why: isWanted ? whyRefused(owner, settings) : whyUnsent(settings, facts) }
}

function isCleared({ head }: RequestSession, { cookie }: Ending): boolean {
  return cookie !== undefined && head !== 'with cookie'
}

function hasSession(owner: RequestSession, ending: Ending): boolean {
  return (ending.facts ?? currentFacts(owner))?.hasSession ?? false
}

const TOO_LATE = 'the headers were sent before the session was made'

function canCarry(owner: RequestSession, { proxy }: Settings): boolean {
  return !owner.cookie.secure || isSecure(owner.req, proxy)
}

function whyRefused(owner: RequestSession, settings: Settings): string {
  if (!peekSession(owner.req) || canCarry(owner, settings)) return TOO_LATE
  return 'the cookie is secure, and the request came over plain HTTP as far as this process knows'
}

function whySent(settings: Settings, facts: Facts): string {
  if (!facts.isSentId) return 'the session is new for the browser'
  if (facts.isOutdated) return 'its attributes or its signature were old, with refreshCookie'
  if (facts.change.isLifetimeChanged) return 'its lifetime has changed'
  if (settings.openCookies && facts.change.isModified)
    return 'the session has changed, and it is in its cookie'
  if (settings.rolling) return 'the expiry moves with each response, with rolling'
  return settings.openCookies
    ? 'the session is in its cookie, and is sealed anew'
    : 'the session has changed, so its expiry moves'
}

function whyUnsent(settings: Settings, facts: Facts): string {
  if (!facts.hasSession) return 'there is no session'
  if (!facts.hasId) return 'the id of the session is not a string'
  if (facts.isDestroyed) return 'another request has ended the session'
  if (!facts.isSentId) return 'the session is new and empty'
  if (settings.rolling) return 'the browser has it, and touchAfter is not over'
  return 'the browser has it, and it has not changed'
}
