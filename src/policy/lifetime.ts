/** How long a session lasts, in milliseconds. Undefined means that there is no such limit. */
export interface Limits {
  /** After its last request: `idleTimeout`. */
  readonly idle: number | undefined
  /** After its start: `absoluteTimeout`. */
  readonly absolute: number | undefined
}

/**
 * Returns when the record of a session ends if it is written now: at the earliest of the cookie's expiry, the idle timeout
 * and the absolute timeout. All times are milliseconds since the epoch. Undefined if it does not end.
 */
export function endOf(
  { idle, absolute }: Limits,
  startedAt: number | undefined,
  cookieEnd: number | undefined,
  now: number,
): number | undefined {
  let end = Number.POSITIVE_INFINITY
  // A comparison with NaN, the expiry of an invalid Date, is false.
  if (cookieEnd !== undefined && cookieEnd < end) end = cookieEnd
  if (idle !== undefined && now + idle < end) end = now + idle
  const absoluteEnd = absoluteEndOf(absolute, startedAt)
  if (absoluteEnd !== undefined && absoluteEnd < end) end = absoluteEnd
  return end === Number.POSITIVE_INFINITY ? undefined : end
}

/** Returns whether the absolute timeout of a session is over. A session whose start is unknown starts now. */
export function isOver({ absolute }: Limits, startedAt: number | undefined, now: number): boolean {
  const end = absoluteEndOf(absolute, startedAt)
  return end !== undefined && end <= now
}

/** What a record tells about its lifetime. */
export interface RecordLifetime {
  readonly startedAt: number | undefined
  /** `idleTimeout` was on when it was written. */
  readonly hasIdleTimeout: boolean
  readonly originalMaxAge: unknown
}

/** Returns the name of the limit that an expired record has reached. */
export function limitOf(
  limits: Limits | undefined,
  { startedAt, hasIdleTimeout, originalMaxAge }: RecordLifetime,
  now: number,
): 'absoluteTimeout' | 'idleTimeout' | 'the lifetime of its cookie' {
  if (limits && isOver(limits, startedAt, now)) return 'absoluteTimeout'
  const isShorter =
    typeof originalMaxAge === 'number' && limits?.idle !== undefined && originalMaxAge < limits.idle
  return hasIdleTimeout && limits?.idle !== undefined && !isShorter
    ? 'idleTimeout'
    : 'the lifetime of its cookie'
}

/** Returns when the absolute timeout of a session is over. */
export function absoluteEndOf(
  absolute: number | undefined,
  startedAt: number | undefined,
): number | undefined {
  return absolute === undefined || startedAt === undefined ? undefined : startedAt + absolute
}

/**
 * Returns whether an unchanged session must be touched again. `age` is the time since its last touch. The lifetime of one
 * session's cookie may be shorter than `touchAfter`: then it is touched twice in a lifetime.
 */
export function isTouchDue(age: number, touchAfter: number, cookieLifetime: unknown): boolean {
  const isShorter = typeof cookieLifetime === 'number' && cookieLifetime <= touchAfter
  const interval = isShorter ? cookieLifetime / 2 : touchAfter
  // After the clock was set back, the age is negative.
  return age >= interval || age < 0
}
