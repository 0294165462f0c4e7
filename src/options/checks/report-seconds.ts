import type { Reporter } from '../../diagnostics/reporter'
import { reportLikelySeconds } from '../../diagnostics/texts'
import { looksLikeSeconds } from '../../policy/seconds'
import type { MiddlewareOptions } from '../session-options'

/** Reports lifetimes that look like seconds: all of them are milliseconds. */
export function reportSeconds(options: Partial<MiddlewareOptions>, reporter: Reporter): void {
  const { cookie, idleTimeout, absoluteTimeout, touchAfter } = options
  const maxAge = typeof cookie === 'object' ? cookie?.maxAge : undefined
  const values = { 'cookie.maxAge': maxAge, idleTimeout, absoluteTimeout, touchAfter }
  for (const [option, value] of Object.entries(values)) {
    if (looksLikeSeconds(value)) reportLikelySeconds(reporter, option, value)
  }
}
