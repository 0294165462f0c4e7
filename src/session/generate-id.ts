import uid from 'uid-safe'

const BYTES = 24
/** What 24 bytes are in base64url: no padding, so ids can be cut from a longer one. */
const LENGTH = 32
/** A call into the random generator costs as much as the bytes of many ids. */
const BATCH = 64

/** Memory of its own: in Node's shared pool others might find the ids to come. */
const batch = Buffer.allocUnsafeSlow(LENGTH * BATCH)
let used = batch.length

/** A new session id: 192 random bits in base64url (OWASP asks for 64 at least). */
export function generateId(): string {
  if (used === batch.length) {
    batch.write(uid.sync(BYTES * BATCH), 'latin1')
    used = 0
  }
  // From bytes, since the slice of a string would keep the whole string in memory.
  const id = batch.toString('latin1', used, used + LENGTH)
  used += LENGTH
  return id
}
