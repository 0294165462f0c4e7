import timers from 'node:timers'
import uid from 'uid-safe'

/**
 * Returns a new session id: 192 random bits in base64url, 32 characters (OWASP requires at least 64 bits). The random
 * generator needs about as much time for 16 ids as for one, so the ids of one turn of the event loop are drawn together.
 * Those that are left are dropped at the end of the turn, so that a copy of the process, from a start-up snapshot for
 * example, does not give them again.
 */
export function generateId(): string {
  if (next === POOL && !draw()) return uid.sync(BYTES)
  next += LENGTH
  return pool.toString('latin1', next - LENGTH, next)
}

const BYTES = 24
/** The characters of an id. */
const LENGTH = 32
const COUNT = 16
const POOL = COUNT * LENGTH

// Node's own, since the global one may be a fake of a test, or missing (jsdom).
const { setImmediate } = timers

/** The ids of this turn. Each is copied out of it: a slice of one string would keep all the others in memory. */
const pool = Buffer.alloc(POOL)
/** Where the first id begins that was not used. */
let next = POOL
let isDropPlanned = false

/** Returns false if the text has another length: a test may have replaced uid-safe. */
function draw(): boolean {
  const ids = uid.sync(COUNT * BYTES)
  if (ids.length !== POOL) return false
  if (!isDropPlanned) setImmediate(drop)
  isDropPlanned = true
  pool.write(ids, 'latin1')
  next = 0
  return true
}

function drop(): void {
  pool.fill(0)
  next = POOL
  isDropPlanned = false
}
