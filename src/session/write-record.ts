import { debug, fingerprint } from '../diagnostics/debug'
import type { Commit } from '../response/hold-response'
import { once } from '../store-guard/once'
import { type Session, savesByDefault } from './session'
import type { SessionOwner } from './session-owner'

// What can be done at once is done; else each gives what has to be waited for.

/** Removes the record of a session that was unset. */
export function destroyRecord({ client, req }: SessionOwner): Commit {
  const id = req.sessionID as string
  debug('destroying %s', fingerprint(id))
  return (done) => client.destroy(id, done)
}

/** Writes the session. */
export function saveRecord(owner: SessionOwner): Commit | undefined {
  const { client, req } = owner
  // Of a session that nobody looked at yet this makes the snapshot too.
  const session = req.session as Session
  const snapshot = owner.snapshot as string
  debug('saving %s', fingerprint(session.id))
  if (!savesByDefault(session)) {
    owner.noteSave(session, snapshot)
    return saveByApplication(session)
  }
  if (client.setNow(session.id, session, snapshot)) {
    owner.noteSave(session, snapshot)
    return undefined
  }
  return (done) => {
    owner.noteSave(session, snapshot)
    client.set(session.id, session, done)
  }
}

/** Moves the expiry of the record, where the store has a way to do that. */
export function touchRecord(owner: SessionOwner): Commit | undefined {
  const { client, req } = owner
  if (!client.canTouch) return undefined
  const id = req.sessionID as string
  debug('touching %s', fingerprint(id))
  if (client.touchNow(id, owner)) return undefined
  const session = req.session as Session
  return (done) => client.touch(id, session, done)
}

/** By a `save` that the application has put in the place of ours. */
function saveByApplication(session: Session): Commit {
  return (done) => {
    try {
      session.save(once(done))
    } catch (err) {
      done(err)
    }
  }
}
