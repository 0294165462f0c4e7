import type { SignedId } from '../cookie/cookie-codec'
import type { RequestSession } from '../session/request-session'
import { assignData, type Session } from '../session/session'
import type { Done } from '../types'
import { loadSession } from './load-session'
import type { SealedCommitter } from './sealed-committer'

/** Loads a session that is in its cookie, or in the cookie of another library (`legacy`). */
export function loadSealed(
  owner: RequestSession,
  committer: SealedCommitter,
  ids: SignedId[],
  next: Done,
): void {
  if (!committer.records.legacy) return loadSession(owner, ids, next)
  loadSession(owner, ids, (err) => {
    if (err) return next(err)
    try {
      committer.adopted = adoptLegacy(owner, committer)
    } catch (fault) {
      return next(fault)
    }
    next()
  })
}

/**
 * Puts the data of another library's cookie into the new session of a request, which is then sent as any new session with
 * data is. Returns the id of the session.
 */
function adoptLegacy(owner: RequestSession, { records }: SealedCommitter): string | undefined {
  const data = owner.isLoaded ? undefined : records.legacy?.read(owner.req)
  if (!data) return undefined
  assignData(owner.req.session as Session, data)
  return owner.req.sessionID as string
}
