/** What a session holds at one moment. */
export interface Version {
  /** The JSON of the data, without the cookie. */
  readonly snapshot: string
  /** The configured lifetime: `cookie.originalMaxAge`. */
  readonly lifetime: unknown
}

/** Returns whether two lifetimes are the same. A session without one has null or undefined. */
export function isSameLifetime(a: unknown, b: unknown): boolean {
  // A cookie cannot express differences below one second (RFC 6265, 5.1.1), and the clock causes them.
  if (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) < 1000) return true
  return Object.is(a ?? null, b ?? null)
}

/** Returns whether two versions have the same data and lifetime. */
export function isSameVersion(a: Version, b: Version): boolean {
  return a.snapshot === b.snapshot && isSameLifetime(a.lifetime, b.lifetime)
}
