import { lastWriteOf, startOf } from '../cookie/record-cookie'
import { type Limits, limitOf } from '../policy/lifetime'

/** Returns the limit that the record with this cookie has reached. */
export function endedBy(
  cookie: unknown,
  limits: Limits | undefined,
  hasIdleTimeout = lastWriteOf(cookie) !== undefined,
): string {
  const { originalMaxAge } = Object(cookie) as { originalMaxAge?: unknown }
  return limitOf(limits, { startedAt: startOf(cookie), hasIdleTimeout, originalMaxAge }, Date.now())
}
