import { hasOwnRegenerate } from '../store-guard/abilities'
import { isThenable } from '../store-guard/call-method'
import type { Done } from '../types'
import type { SessionOwner } from './attach'
import { freshSession } from './fresh-session'
import type { Keep, KeptSession } from './keep'
import { endedError } from './save-errors'
import { saveSession } from './write-record'

/**
 * Replaces the session of a request by an empty one with a new id: `req.session.regenerate()`. A store that has a
 * `regenerate` of its own does it.
 */
export function regenerateSession(owner: SessionOwner, done: Done): void {
  const { req, store } = owner
  if (hasOwnRegenerate(store.store)) store.regenerate(req, done, owner.idState)
  else replaceSession(owner, done)
}

/** The same for all other stores: destroys the old record, then makes the new session. */
export function replaceSession(owner: SessionOwner, done: Done): void {
  const { req, store, tracker } = owner
  withNewId(owner, done, (id) => {
    if (tracker.isStored) {
      const next: Done = (err) => generateByStore(owner, id, done, err)
      return store.destroy(req.sessionID as string, next, owner.idState)
    }
    // The store has no record to destroy, and only this request could still save the old session.
    if (owner.idState) store.ids.endState(owner.idState)
    generateByStore(owner, id, done)
  })
}

/**
 * Gives the session of a request a new id, and keeps its data: `req.session.regenerate({ keep: true })`. The new record is
 * stored before the old one is destroyed, so that one of the two ids works at any time. A `regenerate` of the store is not
 * called, since it destroys first.
 */
export function regenerateWithData(owner: SessionOwner | undefined, keep: Keep, done: Done): void {
  if (!owner) return done(new Error('regenerate({ keep }) needs the session of a request'))
  if (owner.idState?.isDestroyed) return done(endedError())
  if (!owner.settings.merges || !owner.tracker.isStored) return renew(owner, owner.req.session, keep, done)
  // An exception of the callback must not become a rejection of this promise.
  const next = (err: unknown, session?: object) =>
    process.nextTick(() => {
      if (err || !session) done(err ?? endedError())
      else renew(owner, session, keep, done)
    })
  freshSession(owner).then((session) => next(undefined, session), next)
}

/** Gives the request a new session with the kept data of `session`. */
function renew(owner: SessionOwner, session: unknown, keep: Keep, done: Done): void {
  const { store, idState } = owner
  withNewId(owner, done, (id) => {
    let kept: KeptSession | undefined
    try {
      kept = owner.makeKept(id, session, keep)
    } catch (err) {
      return done(err)
    }
    if (!kept.mustSave) return replaceByKept(owner, kept, done)
    const { baseline } = owner
    saveSession(kept.session, owner, store, (err) => {
      if (err) {
        // The request goes on with the old session: what it has saved of that one still counts.
        owner.baseline = baseline
        return done(err)
      }
      // Another request has ended the session meanwhile, so its data must not stay under the new id.
      const isGone = idState?.isDestroyed && owner.idState === idState
      if (isGone) store.destroy(kept.session.id, (fault) => done(fault ?? endedError()))
      else replaceByKept(owner, kept, done)
    })
  })
}

/** The request may have got another session while the store worked: the one it has now is ended. */
function replaceByKept(owner: SessionOwner, kept: KeptSession, done: Done): void {
  const { req, store, tracker, idState } = owner
  const oldId = req.sessionID as string
  const { isStored } = tracker
  generateByStore(owner, kept.session.id, (err) => {
    if (err) return done(err)
    owner.takeOver(kept)
    // A `genid` may give the same id again.
    if (oldId === kept.session.id) return done()
    if (isStored) return store.destroy(oldId, done, idState)
    if (idState) store.ids.endState(idState)
    done()
  })
}

/** Gives a request its first session, if it has none from the store. */
export function startSession(owner: SessionOwner, done: Done): void {
  withNewId(owner, done, (id) => generateByStore(owner, id, done))
}

/** Passes on a new id. It is made before `store.generate` is called, which cannot wait for a promise of `genid`. */
function withNewId({ req, settings }: SessionOwner, done: Done, use: (id: unknown) => void): void {
  let id: unknown
  try {
    id = settings.generateId(req)
  } catch (err) {
    return done(err)
  }
  if (isThenable(id)) id.then(use, (err) => done(err ?? new Error('genid rejected without an error')))
  else use(id)
}

/** Makes the session by `store.generate`, since applications wrap that function. */
export function generateByStore(owner: SessionOwner, id: unknown, done: Done, err?: unknown): void {
  const { req, store, tracker } = owner
  try {
    owner.reserveId(id)
    store.store.generate?.(req as never)
    // Data that a wrapper of `generate` added does not count as a change.
    if (!store.generatesByDefault) tracker.startNew(req.session as never)
  } catch (fault) {
    return done(fault)
  }
  done(err)
}
