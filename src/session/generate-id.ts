import uid from 'uid-safe'

/**
 * Returns a new session id: 192 random bits in base64url, 32 characters (OWASP requires at least 64 bits). The bits are
 * drawn for this call alone: a copy of this process, from a start-up snapshot or a cloned machine, must not give the
 * same ids again.
 */
export function generateId(): string {
  return uid.sync(BYTES)
}

const BYTES = 24
