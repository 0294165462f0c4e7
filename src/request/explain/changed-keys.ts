import { peekSession, UNREAD } from '../../session/attach'
import type { RequestSession } from '../../session/request-session'
import { Session } from '../../session/session'
import { takeSnapshot } from '../../session/snapshot'

/** Returns the top-level keys of a request's session that differ from what was loaded or made. */
export function changedKeys({ req, tracker }: RequestSession): string[] {
  const seen = peekSession(req)
  if (seen === UNREAD || !(seen instanceof Session)) return []
  try {
    const { loaded } = tracker
    const before = loaded ? JSON.parse(loaded.snapshot) : {}
    const now = JSON.parse(takeSnapshot(seen))
    const keys = new Set([...Object.keys(before), ...Object.keys(now)])
    const changed = [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]))
    const { isLifetimeChanged } = tracker.compare(seen, loaded?.snapshot ?? '{}')
    return isLifetimeChanged ? [...changed, 'cookie'] : changed
  } catch {
    // The data cannot be JSON. The commit reports it.
    return []
  }
}
