import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { OWNER, peekSession, type SessionOwner, type SessionRequest, UNREAD } from './attach'

/** When a session began and when it ends. */
export interface SessionLifetime {
  /** When the session began. Undefined if `absoluteTimeout` is off, since only then it is recorded. */
  created: Date | undefined
  /**
   * When it ends if no further request comes. Undefined if `idleTimeout` is off. In a read-only request it is counted from
   * the last request that was not, and undefined if neither this process nor the record has that time.
   */
  idleEnds: Date | undefined
  /** When it ends in any case. Undefined if `absoluteTimeout` is off. */
  absoluteEnds: Date | undefined
}

/**
 * Returns when the session of this request began and when it ends, for pages that warn before the end. All three are
 * undefined if the request has no session.
 */
export function lifetimeOf(req: IncomingMessage | Http2ServerRequest): SessionLifetime {
  const request = req as unknown as SessionRequest
  const owner = request[OWNER]
  const isThere = owner !== undefined && hasSession(owner)
  return {
    created: dateOf(isThere ? owner.lifetime?.startedAt : undefined),
    idleEnds: dateOf(isThere ? idleEndOf(owner) : undefined),
    absoluteEnds: dateOf(isThere ? owner.lifetime?.absoluteEnd : undefined),
  }
}

/** A new session that no handler has read has not begun. */
function hasSession(owner: SessionOwner): boolean {
  const session = peekSession(owner.req)
  return session === UNREAD ? owner.isLoaded : Boolean(session)
}

function idleEndOf({ isReadOnly, lifetime, settings, req, store }: SessionOwner): number | undefined {
  const idle = settings.limits?.idle
  if (idle === undefined) return undefined
  // Without `touch` only a change starts the timeout again.
  if (!store.expiry.canTouch && lifetime?.recordEnd !== undefined && !lifetime.lacksMarks)
    return lifetime.recordEnd
  const { touchLog } = settings
  const id = req.sessionID as string
  const last = touchLog?.lastOf(id)
  if (isReadOnly) return last === undefined ? lifetime?.recordEnd : last + idle
  // With `touchAfter`, this request may not touch the record.
  return (last === undefined || touchLog?.isDue(id, null) ? Date.now() : last) + idle
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms)
}
