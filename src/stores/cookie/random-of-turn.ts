import { randomFillSync } from 'node:crypto'

/**
 * Copies 24 random bytes to the start of a buffer. The generator of node:crypto needs as much time for a kilobyte as for a
 * few bytes, so the bytes of one turn of the event loop are drawn together. What is left of them is dropped at the end of
 * the turn: a copy of this process, from a start-up snapshot or a cloned machine, must not use the same ones.
 */
export function fillRandom(target: Buffer): void {
  if (next === POOL) refill()
  pool.copy(target, 0, next, next + LENGTH)
  next += LENGTH
}

/** Returns an id of 192 random bits in base64url, as `generateId` does. */
export function randomId(): string {
  if (next === POOL) refill()
  next += LENGTH
  return pool.toString('base64url', next - LENGTH, next)
}

const LENGTH = 24
const POOL = 32 * LENGTH
const pool = Buffer.alloc(POOL)
/** Where the bytes begin that were not used. */
let next = POOL
let isDropPlanned = false

function refill(): void {
  randomFillSync(pool)
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
