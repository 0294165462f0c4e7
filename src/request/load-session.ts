import type { SignedId } from '../cookie/cookie-codec'
import { debug, fingerprint } from '../diagnostics/debug'
import type { RequestSession } from '../session/request-session'
import { isMissing } from '../store-guard/call-store'
import type { Done } from '../types'

/** Gives a request the session of the first of these ids that the store has a record of, else a new session. */
export function loadSession(owner: RequestSession, ids: SignedId[], next: Done): void {
  if (ids[0]) owner.identify(ids[0])
  else debug('no SID sent, generating session')
  tryId(owner, ids, 0, next)
}

function tryId(owner: RequestSession, ids: SignedId[], index: number, next: Done): void {
  const candidate = ids[index]
  if (!candidate) return owner.start(next)
  debug('fetching %s', fingerprint(candidate.id))
  owner.fetch(candidate.id, (err, record, snapshot, startedAt) => {
    if (!record) owner.noteMiss(candidate.id, isMissing(err) ? undefined : err)
    if (err && !isMissing(err)) return next(err)
    if (!record) {
      debug('no session found')
      return tryId(owner, ids, index + 1, next)
    }
    debug('session found')
    try {
      owner.identify(candidate)
      owner.load(record, snapshot, startedAt)
    } catch (fault) {
      return next(fault)
    }
    next()
  })
}
