import { createHash } from 'node:crypto'
import createDebug from 'debug'

/** `DEBUG=express-session` */
export const debug = createDebug('express-session')

/** Tells ids and cookies apart in a log without giving away what would let its reader in. */
export function fingerprint(secret: unknown): string {
  if (!debug.enabled) return ''
  return createHash('sha256').update(String(secret)).digest('hex').slice(0, 12)
}
