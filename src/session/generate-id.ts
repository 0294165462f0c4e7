import uid from 'uid-safe'

/** Returns a new session id: 192 random bits in base64url, 32 characters (OWASP requires at least 64 bits). */
export function generateId(): string {
  if (used === batch.length) {
    batch.write(uid.sync(BYTES * BATCH), 'latin1')
    used = 0
  }
  // Read from bytes, since a slice of a string would keep the whole string in memory.
  const id = batch.toString('latin1', used, used + LENGTH)
  used += LENGTH
  return id
}

const BYTES = 24
/** The length of 24 bytes in base64url. There is no padding, so ids can be cut from a longer text. */
const LENGTH = 32
/** How many ids are generated at a time: one call of the random generator costs as much as the bytes of many ids. */
const BATCH = 64

/** Own memory: other code could read the unused ids in Node's shared buffer pool. */
const batch = Buffer.allocUnsafeSlow(LENGTH * BATCH)
let used = batch.length
