import { createHash } from 'node:crypto'
import createDebug from 'debug'

/** Writes a line to stderr where the environment has `DEBUG=express-session`. */
export const debug = createDebug('express-session')

/** Returns a short hash of an id or cookie: a log line can be followed by it, and a stolen log gives no access. */
export function fingerprint(secret: unknown): string {
  if (!debug.enabled) return ''
  return createHash('sha256').update(String(secret)).digest('hex').slice(0, 12)
}
