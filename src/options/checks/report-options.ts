import type { Reporter } from '../../diagnostics/reporter'
import type { StoreLike } from '../../types'
import type { MiddlewareOptions } from '../session-options'
import { reportAdvice } from './report-advice'
import { reportCookieRules } from './report-cookie-rules'
import { reportNames } from './report-names'
import { reportSeconds } from './report-seconds'

/** Reports the options of a `session()` that are valid and probably mistakes, and gives advice. */
export function reportOptions(
  options: Partial<MiddlewareOptions>,
  name: string,
  store: StoreLike,
  reporter: Reporter | undefined,
): void {
  if (!reporter?.isOn) return
  reportNames(options, reporter)
  reportSeconds(options, reporter)
  reportCookieRules(options, name, reporter)
  reportAdvice(options, store, reporter)
}
