import { debug, fingerprint } from '../diagnostics/debug'
import { canTouch } from '../store-guard/abilities'
import type { GuardedStore } from '../store-guard/guarded-store'
import { IdState } from '../store-guard/id-state'
import type { Commit, Done, SessionData } from '../types'
import type { SessionOwner } from './attach'
import { idStateOf } from './session-state'
import { takeSnapshot } from './snapshot'
import type { TrackedSession } from './tracker'

/**
 * Writes a session to the store, for `Session.prototype.save`. A session that was loaded outside a request has no owner.
 */
export function saveSession(
  session: TrackedSession,
  owner: SessionOwner | undefined,
  store: GuardedStore,
  done: Done,
): void {
  const state = stateFor(session, owner)
  if (owner) {
    if (state.isDestroyed) return queueMicrotask(done)
    try {
      owner.tracker.noteSave(session, takeSnapshot(session))
    } catch (err) {
      return done(err)
    }
  }
  store.set(session.id, session as SessionData, done, state)
}

/** Returns the state of the session's id. A proxy around a session has none, and a clone may have no owner. */
export function stateFor(session: TrackedSession, owner: SessionOwner | undefined): IdState {
  return idStateOf(session) ?? owner?.idState ?? new IdState(session.id)
}

/** The work on the store is done already: a store in this process can do it at once. */
const DONE: Commit = (done) => done()

/** Writes the session at the end of its response. */
export function saveRecord(owner: SessionOwner, session: TrackedSession, snapshot: string): Commit {
  const { store, tracker } = owner
  const state = stateFor(session, owner)
  debug('saving %s', fingerprint(session.id))
  if (store.setSync(session.id, session.cookie, snapshot, state)) {
    tracker.noteSave(session, snapshot)
    return DONE
  }
  return (done) => {
    tracker.noteSave(session, snapshot)
    store.set(session.id, session as SessionData, done, state)
  }
}

/** Moves the expiry of the record, if the store can do that. */
export function touchRecord(owner: SessionOwner, cookie: unknown): Commit | undefined {
  const { req, store } = owner
  if (!canTouch(store.store)) return undefined
  const id = req.sessionID as string
  debug('touching %s', fingerprint(id))
  if (store.touchSync(id, cookie)) return DONE
  const session = req.session as SessionData
  return (done) => store.touch(id, session, done, owner.idState)
}

/** Removes the record of a session that was unset. */
export function destroyRecord({ req, store, idState }: SessionOwner): Commit {
  const id = req.sessionID as string
  debug('destroying %s', fingerprint(id))
  return (done) => store.destroy(id, done, idState)
}
