import type { ServerResponse } from 'node:http'
import type { Reporter } from '../../diagnostics/reporter'
import { reportLateChange } from '../../diagnostics/texts'
import type { Settings } from '../../options/settings'
import { type Facts, mustSetCookie } from '../../policy/decide'
import { peekSession, UNREAD } from '../../session/attach'
import type { Ending, RequestSession } from '../../session/request-session'
import { Session } from '../../session/session'
import { stateFor } from '../../session/session-state'
import { takeSnapshot } from '../../session/snapshot'
import { changedKeys } from '../explain/changed-keys'

/** Called when the response is closed: reports changes of the session that came too late to be saved or sent. */
export function checkLateChange(
  reporter: Reporter,
  settings: Settings,
  owner: RequestSession,
  res: ServerResponse,
): void {
  if (!reporter.wants('SESSIONWARE_LATE_CHANGE')) return
  const { req, ending, tracker } = owner
  const session = peekSession(req)
  if (session === UNREAD || !(session instanceof Session) || owner.head === 'open') return
  if (!ending || ending.hasFailed || !owner.isInCharge || stateFor(session, owner).isDestroyed) return
  // That has a diagnostic of its own.
  if (typeof session.id !== 'string') return
  const change = tracker.compare(session, takeSnapshot(session))
  const keys = changedKeys(owner)
  // A client that has disconnected before the end: the session is still to be saved.
  if (res.writableEnded && change.isModified && !change.isSaved) {
    return reportLateChange(reporter, 'after the end', keys)
  }
  if (ending.cookie !== undefined || isRefused(owner, settings, ending.cookieFacts)) return
  const isNew = tracker.sentId?.id !== session.id
  if (isNew && change.isModified && change.isSaved && !savedBefore(ending)) {
    reportLateChange(reporter, 'new session after the headers', keys)
  } else if (!isNew && change.isLifetimeChanged) {
    reportLateChange(reporter, 'lifetime after the headers', [])
  }
}

/** The cookie was wanted when the headers were built, and the connection could not carry it. That is reported elsewhere. */
function isRefused(owner: RequestSession, settings: Settings, facts: Facts | undefined): boolean {
  return facts !== undefined && mustSetCookie(facts, settings, owner.cookie.expires != null)
}

/** The session was ready to be sent when the headers were built. */
function savedBefore({ cookieFacts }: Ending): boolean {
  return cookieFacts?.change.isModified === true
}
