import uid from 'uid-safe'

const BYTES = 24
/** What 24 bytes are in base64url: no padding, so ids can be cut from a longer one. */
const LENGTH = 32
/** A call into the random generator costs as much as the bytes of many ids. */
const BATCH = 64

let batch = ''
let used = 0

/** A new session id: 192 random bits in base64url (OWASP asks for 64 at least). */
export function generateId(): string {
  if (used === batch.length) {
    batch = uid.sync(BYTES * BATCH)
    used = 0
  }
  const id = batch.slice(used, used + LENGTH)
  used += LENGTH
  return id
}
