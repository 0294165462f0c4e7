/**
 * Returns whether a number of milliseconds looks like a number of seconds: 3600, 86400 or 2592000 are a round time in seconds,
 * and an odd one in milliseconds.
 */
export function looksLikeSeconds(ms: unknown): ms is number {
  if (typeof ms !== 'number' || !Number.isInteger(ms) || ms < MINUTE || ms > 400 * DAY) return false
  // Below one minute of milliseconds. 5000 or 30000 are short lifetimes for a test.
  if (ms < 1000 * MINUTE) return ms % MINUTE === 0 && (ms % 1000 !== 0 || ms % HOUR === 0)
  return (ms % HOUR === 0 && ms % 1000 !== 0) || (ms % DAY === 0 && ms % (1000 * MINUTE) !== 0)
}

/** In seconds. */
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Returns a number of milliseconds in words, like '30 days'. */
export function inWords(ms: number): string {
  const units: [number, string][] = [
    [DAY * 1000, 'days'],
    [HOUR * 1000, 'hours'],
    [MINUTE * 1000, 'minutes'],
    [1000, 'seconds'],
  ]
  for (const [length, name] of units) if (ms >= 2 * length) return `${Math.round(ms / length)} ${name}`
  return `${ms} ms`
}
