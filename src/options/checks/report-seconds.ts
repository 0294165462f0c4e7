import type { Reporter } from '../../diagnostics/reporter'
import { reportLikelySeconds } from '../../diagnostics/texts'
import { looksLikeSeconds } from '../../policy/seconds'
import { longestTouchAfter } from '../lifetimes'
import type { MiddlewareOptions } from '../session-options'

/** Reports lifetimes that look like seconds: all of them are milliseconds. */
export function reportSeconds(options: Partial<MiddlewareOptions>, reporter: Reporter): void {
  const { cookie, idleTimeout, absoluteTimeout } = options
  // `recommended()` fits it: 18,000 for a lifetime of three minutes, which are five hours in seconds.
  const touchAfter = options.touchAfter === longestTouchAfter(options) ? undefined : options.touchAfter
  const maxAge = typeof cookie === 'object' ? cookie?.maxAge : undefined
  const values = { 'cookie.maxAge': maxAge, idleTimeout, absoluteTimeout, touchAfter }
  for (const [option, value] of Object.entries(values)) {
    if (looksLikeSeconds(value)) reportLikelySeconds(reporter, option, value)
  }
}
