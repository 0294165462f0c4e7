import type { Reporter } from '../../diagnostics/reporter'
import { reportDates, reportLargeSession, reportLostValues, reportNotAwaited } from '../../diagnostics/texts'
import { findDates, findLostValues } from '../../policy/lost-values'
import { peekSession, UNREAD } from '../../session/attach'
import type { RequestSession } from '../../session/request-session'
import { takeSnapshot } from '../../session/snapshot'

/** Reports promises of `regenerate`, `save` and `destroy` that a handler does not wait for. */
export function checkPromises(reporter: Reporter, { promises }: RequestSession): void {
  if (!reporter.wants('SESSIONWARE_NOT_AWAITED')) return
  const methods = promises?.unawaited ?? []
  if (methods.length > 0) reportNotAwaited(reporter, methods)
}

/** Looks at the data of a session that a handler has read. */
export function checkData(reporter: Reporter, owner: RequestSession): void {
  const session = peekSession(owner.req)
  if (session === UNREAD || typeof session !== 'object' || session === null) return
  if (reporter.wants('SESSIONWARE_LOST_VALUE')) {
    const lost = findLostValues(session)
    if (lost.length > 0) reportLostValues(reporter, lost)
  }
  if (reporter.wants('SESSIONWARE_DATE')) {
    const dates = findDates(session)
    if (dates.length > 0) reportDates(reporter, dates)
  }
  if (reporter.wants('SESSIONWARE_LARGE_SESSION')) checkSize(reporter, session)
}

function checkSize(reporter: Reporter, session: object): void {
  let text: string
  try {
    text = takeSnapshot(session)
  } catch {
    // The commit reports that it cannot be JSON.
    return
  }
  const bytes = Buffer.byteLength(text)
  if (bytes <= LARGE) return
  const sizes = Object.entries(JSON.parse(text)).map(([key, value]): [string, number] => [
    key,
    Buffer.byteLength(JSON.stringify(value)),
  ])
  sizes.sort(([, a], [, b]) => b - a)
  reportLargeSession(reporter, bytes, sizes.slice(0, 3))
}

/** In bytes. */
const LARGE = 64 * 1024
