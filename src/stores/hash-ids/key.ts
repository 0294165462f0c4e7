import * as crypto from 'node:crypto'

/**
 * Returns the key under which a store below `hashIds` has the record of this id: 'sha256-' and the SHA-256 of the id in
 * base64url, 50 characters.
 */
export function keyOf(sid: string): string {
  return PREFIX + sha256(String(sid))
}

/** Returns whether a text has the form of a key. Such a text is no id of a record that was stored before `hashIds`. */
export function isKey(text: string): boolean {
  return KEY.test(text)
}

const PREFIX = 'sha256-'
const KEY = /^sha256-[\w-]{43}$/

/** Node before 20.12 has no `crypto.hash`, which needs half the time. */
const sha256: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'base64url')
    : (text) => crypto.createHash('sha256').update(text).digest('base64url')
