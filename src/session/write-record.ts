import type { Cookie } from '../cookie/cookie'
import { debug, fingerprint } from '../diagnostics/debug'
import { canTouch } from '../store-guard/abilities'
import type { GuardedStore } from '../store-guard/guarded-store'
import { setSync, touchSync } from '../store-guard/sync-calls'
import type { Commit, Done } from '../types'
import type { SessionOwner } from './attach'
import { type MergeDone, mergeInTurn, mergeSync } from './merge-record'
import { goneError } from './save-errors'
import { stateFor } from './session-state'
import { takeSnapshot } from './snapshot'
import { noteWrite, storeCookie, storeView } from './store-view'
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
    const { merges } = owner.settings
    if (state.isDestroyed) return queueMicrotask(() => done(merges ? goneError() : undefined))
    let snapshot: string
    try {
      snapshot = takeSnapshot(session)
      if (merges) return saveMerged(owner, session, snapshot, done)
      owner.tracker.noteSave(session, snapshot)
    } catch (err) {
      return done(err)
    }
  }
  const view = storeView(session, storeCookie(session.cookie, owner, 'save'))
  store.set(session.id, view, notingTouch(owner, session, done), state)
}

/** The same for `saveMode: 'merge'`. It is an error if the record is gone. */
function saveMerged(owner: SessionOwner, session: TrackedSession, snapshot: string, done: Done): void {
  const mine = { snapshot, lifetime: session.cookie.originalMaxAge }
  const answer: MergeDone = (err, isWritten) => done(err ?? (isWritten ? undefined : goneError()))
  const isWritten = mergeSync(owner, session, mine)
  owner.tracker.noteSave(session, snapshot)
  if (isWritten === undefined) mergeInTurn(owner, session, mine, answer)
  else process.nextTick(answer, undefined, isWritten)
}

/** The work on the store is done already: a store in this process can do it at once. */
const DONE: Commit = (done) => done()

/** Writes the session at the end of its response. */
export function saveRecord(owner: SessionOwner, session: TrackedSession, snapshot: string): Commit {
  const { store, tracker, settings } = owner
  const state = stateFor(session, owner)
  const { id } = session
  debug('saving %s', fingerprint(id))
  if (settings.merges) return mergeRecord(owner, session, snapshot)
  const cookie = storeCookie(session.cookie, owner, 'save')
  if (setSync(store, id, cookie, snapshot, state)) {
    noteWrite(owner, id, session.cookie)
    tracker.noteSave(session, snapshot)
    return DONE
  }
  return (done) => {
    tracker.noteSave(session, snapshot)
    store.set(id, storeView(session, cookie), notingTouch(owner, session, done), state)
  }
}

/** The same for `saveMode: 'merge'`. A session whose record is gone is not written, and that is no error. */
function mergeRecord(owner: SessionOwner, session: TrackedSession, snapshot: string): Commit {
  const mine = { snapshot, lifetime: session.cookie.originalMaxAge }
  const isDone = mergeSync(owner, session, mine) !== undefined
  owner.tracker.noteSave(session, snapshot)
  return isDone ? DONE : (done) => mergeInTurn(owner, session, mine, (err) => done(err))
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
  if (touchSync(store, id, view)) return DONE
  const session = req.session as TrackedSession
  return (done) => store.touch(id, storeView(session, view), notingTouch(owner, session, done), owner.idState)
}

/** Notes in the log of `touchAfter` that this write starts. The callback that it returns forgets it after an error. */
function notingTouch(owner: SessionOwner | undefined, { id, cookie }: TrackedSession, done: Done): Done {
  const log = owner?.settings.touchLog
  if (!log) return done
  noteWrite(owner, id, cookie)
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
