import { isDuration } from '../cookie/attributes'
import { show } from '../diagnostics/show'
import type { Limits } from '../policy/lifetime'
import type { SessionSettings } from '../session/attach'
import { TouchLog } from '../session/touch-log'
import type { StoreLike } from '../types'
import { lifetimesOf } from './lifetimes'
import type { MiddlewareOptions } from './session-options'

/** Checks `idleTimeout`, `absoluteTimeout` and `touchAfter`. Throws a TypeError for a wrong value. */
export function resolveLifetime(
  options: Partial<MiddlewareOptions>,
  store: StoreLike,
): Pick<SessionSettings, 'limits' | 'touchLog'> {
  const idle = checkTimeout('idleTimeout', options.idleTimeout)
  const absolute = checkTimeout('absoluteTimeout', options.absoluteTimeout)
  if (idle !== undefined && absolute !== undefined && idle > absolute) {
    throw new TypeError(
      `idleTimeout option (${idle}) must be at most absoluteTimeout (${absolute}), after which the session ends anyway`,
    )
  }
  const limits: Limits | undefined =
    idle === undefined && absolute === undefined ? undefined : { idle, absolute }
  const touchAfter = checkTouchAfter({ ...options, store })
  return { limits, touchLog: touchAfter === 0 ? undefined : new TouchLog(touchAfter) }
}

function checkTimeout(name: 'idleTimeout' | 'absoluteTimeout', value: unknown): number | undefined {
  if (value === undefined || value === false) return undefined
  if (isDuration(value) && value > 0) return value
  throw new TypeError(
    `${name} option must be a positive number of milliseconds, like 30 * 60 * 1000, or false for no limit; got ${show(value)}`,
  )
}

function checkTouchAfter(options: Partial<MiddlewareOptions>): number {
  const value: unknown = options.touchAfter
  if (value === undefined) return 0
  if (!isDuration(value) || value < 0) {
    throw new TypeError(
      `touchAfter option must be a number of milliseconds, like 60 * 1000, or 0 for a touch at each request; got ${show(value)}`,
    )
  }
  for (const [name, lifetime] of lifetimesOf(options)) {
    if (value > 0 && value >= lifetime) {
      throw new TypeError(
        `touchAfter option (${value}) must be less than ${name} (${lifetime}), or sessions end while they are in use`,
      )
    }
  }
  return value
}
