import { carryOver, hasData } from './carry-over'
import type { Keep, KeptSession } from './keep'
import { makeEmpty, type SessionMaker } from './make-session'
import type { Session } from './session'
import { stateFor } from './session-state'
import { takeSnapshot } from './snapshot'

/** Returns a session with this id and the kept data of another one. Throws if it cannot be JSON. */
export function makeKept(owner: SessionMaker, id: unknown, from: unknown, keep: Keep): KeptSession {
  const session = makeEmpty(owner, id)
  carryOver(Object(from), session, keep)
  session.resetMaxAge()
  return {
    session,
    snapshot: takeSnapshot(session),
    mustSave: owner.tracker.isStored && hasData(session),
    startedAt: owner.lifetime?.startedAt,
  }
}

/** Copies a kept session to the session that `generate` has made with its id. */
export function takeOver(
  owner: SessionMaker,
  { session: kept, snapshot, mustSave, startedAt }: KeptSession,
): void {
  const session = owner.req.session as Session
  carryOver(kept, session, true)
  owner.ownCookie = session.cookie
  owner.lifetime?.keepStart(startedAt)
  if (!mustSave) return
  owner.tracker.noteSave(session, snapshot)
  // The kept session had a state of its own.
  if (owner.baseline) owner.baseline = { ...owner.baseline, state: stateFor(session, owner) }
}
