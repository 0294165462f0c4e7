import timers from 'node:timers'
import uid from 'uid-safe'

/**
 * Returns a new session id: 192 random bits in base64url, 32 characters (OWASP requires at least 64 bits). The random
 * generator needs about as much time for ten ids as for one, so the ids of one turn of the event loop are drawn together.
 * Those that are left are dropped at the end of the turn, so that a copy of the process, from a start-up snapshot for
 * example, does not give them again.
 */
export function generateId(): string {
  if (next === end && !draw()) return uid.sync(BYTES)
  next += LENGTH
  used++
  return pool.toString('latin1', next - LENGTH, next)
}

const BYTES = 24
/** The characters of an id. */
const LENGTH = 32
/** How many ids are drawn at most, and at least if a turn needs more of them than the one before. */
const MOST = 64
const MORE = 8

// Node's own, since the global one may be a fake of a test, or missing (jsdom).
const { setImmediate } = timers

/** The ids of this turn. Each is copied out of it: a slice of one string would keep all the others in memory. */
const pool = Buffer.alloc(MOST * LENGTH)
/** Where the first id begins that was not used, and where the last one ends. */
let next = 0
let end = 0
/** How many ids this turn has used, and the one before. */
let used = 0
let expected = 1
let isDropPlanned = false

/** Returns false if the text has another length: a test may have replaced uid-safe. */
function draw(): boolean {
  const least = used === 0 ? 1 : MORE
  const count = Math.min(Math.max(expected - used, least), MOST)
  const ids = uid.sync(count * BYTES)
  if (ids.length !== count * LENGTH) return false
  if (!isDropPlanned) setImmediate(drop)
  isDropPlanned = true
  end = pool.write(ids, 'latin1')
  next = 0
  return true
}

function drop(): void {
  pool.fill(0)
  next = end = 0
  expected = used
  used = 0
  isDropPlanned = false
}
