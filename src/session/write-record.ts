import type { Cookie } from '../cookie/cookie'
import { debug, fingerprint } from '../diagnostics/debug'
import { canTouch } from '../store-guard/abilities'
import type { GuardedStore } from '../store-guard/guarded-store'
import { IdState } from '../store-guard/id-state'
import type { Commit, Done } from '../types'
import type { SessionOwner } from './attach'
import { idStateOf } from './session-state'
import { takeSnapshot } from './snapshot'
import { storeCookie, storeView } from './store-view'
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
  const view = storeView(session, storeCookie(session.cookie, owner, 'save'))
  store.set(session.id, view, noted(owner, session.id, done), state)
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
  const { id } = session
  debug('saving %s', fingerprint(id))
  const cookie = storeCookie(session.cookie, owner, 'save')
  if (store.setSync(id, cookie, snapshot, state)) {
    owner.settings.touchLog?.note(id)
    tracker.noteSave(session, snapshot)
    return DONE
  }
  return (done) => {
    tracker.noteSave(session, snapshot)
    store.set(id, storeView(session, cookie), noted(owner, id, done), state)
  }
}

/** Moves the expiry of the record, if the store can do that. */
export function touchRecord(owner: SessionOwner, cookie: Cookie): Commit | undefined {
  const { req, store } = owner
  const id = req.sessionID as string
  // At once, since requests at the same time need not touch too.
  owner.settings.touchLog?.note(id)
  if (!canTouch(store.store)) return undefined
  debug('touching %s', fingerprint(id))
  const view = storeCookie(cookie, owner, 'touch')
  if (store.touchSync(id, view)) return DONE
  const session = req.session as TrackedSession
  return (done) => store.touch(id, storeView(session, view), noted(owner, id, done), owner.idState)
}

/** Notes in the log of `touchAfter` that this write starts. The callback that it returns forgets it after an error. */
function noted(owner: SessionOwner | undefined, id: string, done: Done): Done {
  const log = owner?.settings.touchLog
  if (!log) return done
  log.note(id)
  return (err) => {
    if (err) log.forget(id)
    done(err)
  }
}

/** Removes the record of a session that was unset. */
export function destroyRecord({ req, store, idState }: SessionOwner): Commit {
  const id = req.sessionID as string
  debug('destroying %s', fingerprint(id))
  return (done) => store.destroy(id, done, idState)
}
