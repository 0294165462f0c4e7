import uid from 'uid-safe'

/**
 * Returns a new session id: 192 random bits in base64url, 32 characters (OWASP requires at least 64 bits). The random
 * generator needs about as much time for 16 ids as for one, so the ids of one turn of the event loop are drawn together.
 * Those that are left are dropped at the end of the turn: a copy of this process, from a start-up snapshot or a cloned
 * machine, must not give the same ids again.
 */
export function generateId(): string {
  if (next === POOL) draw()
  next += LENGTH
  return pool.toString('latin1', next - LENGTH, next)
}

const BYTES = 24
const LENGTH = 32
const COUNT = 16
const POOL = COUNT * LENGTH

/** The ids of this turn. Each is copied out of it: a slice of one string would keep all the others in memory. */
const pool = Buffer.alloc(POOL)
/** Where the first id begins that was not used. */
let next = POOL
let isDropPlanned = false

function draw(): void {
  pool.write(uid.sync(COUNT * BYTES), 'latin1')
  next = 0
  if (isDropPlanned) return
  isDropPlanned = true
  setImmediate(drop)
}

function drop(): void {
  pool.fill(0)
  next = POOL
  isDropPlanned = false
}
