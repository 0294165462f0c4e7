import cluster from 'node:cluster'
import type { Reporter } from '../../diagnostics/reporter'
import { inWords } from '../../policy/seconds'
import { weaknessOf } from '../../policy/weak-secret'
import { recordStoreOf } from '../../store-guard/keyed-store'
import { MemoryStore, ttlOf } from '../../stores/memory/memory-store'
import type { StoreLike } from '../../types'
import type { MiddlewareOptions } from '../session-options'

/** Gives advice about options that work, and could be better. */
export function reportAdvice(
  options: Partial<MiddlewareOptions>,
  store: StoreLike,
  reporter: Reporter,
): void {
  const inner = recordStoreOf(store)
  adviseSecret(options.secret, reporter)
  adviseMaxAge(options.cookie, reporter)
  if (!hasEnd(options, inner)) {
    reporter.report(
      'SESSIONWARE_NO_TIMEOUT',
      'sessions never end while the store keeps them: set idleTimeout and absoluteTimeout, or use session.recommended()',
    )
  }
  if (inner instanceof MemoryStore) adviseMemoryStore(reporter)
}

function adviseSecret(secret: unknown, reporter: Reporter): void {
  const [first] = [secret].flat()
  const weakness = first === undefined ? undefined : weaknessOf(first)
  if (!weakness) return
  reporter.report(
    'SESSIONWARE_SECRET',
    `the secret that signs cookies ${weakness}: take 32 random bytes, for example from node -p "crypto.randomBytes(32).toString('base64url')", and keep them outside the code`,
  )
}

function adviseMaxAge(cookie: MiddlewareOptions['cookie'], reporter: Reporter): void {
  const maxAge = typeof cookie === 'object' ? cookie?.maxAge : undefined
  if (typeof maxAge !== 'number' || maxAge <= LONGEST_COOKIE) return
  reporter.report(
    'SESSIONWARE_LONG_MAX_AGE',
    `cookie.maxAge is ${inWords(maxAge)}, and browsers keep a cookie for at most 400 days: with rolling: true each visit starts them again`,
    { maxAge },
  )
}

/** In milliseconds (RFC 6265bis, 5.5). */
const LONGEST_COOKIE = 400 * 24 * 60 * 60 * 1000

function hasEnd(
  { idleTimeout, absoluteTimeout, cookie }: Partial<MiddlewareOptions>,
  store: StoreLike,
): boolean {
  if (idleTimeout || absoluteTimeout || typeof cookie === 'function') return true
  if (cookie?.maxAge || cookie?.expires) return true
  if (store instanceof MemoryStore) return ttlOf(store) !== Number.POSITIVE_INFINITY
  // Many stores have a lifetime of their own.
  return (store as { ttl?: unknown }).ttl !== undefined
}

function adviseMemoryStore(reporter: Reporter): void {
  const isProduction = process.env.NODE_ENV === 'production'
  // pm2 numbers the processes of its cluster.
  const isCluster = cluster.isWorker || process.env.NODE_APP_INSTANCE !== undefined
  if (!isProduction && !isCluster) return
  const where = isCluster ? 'in a cluster, whose other processes do not know its sessions' : 'in production'
  reporter.report(
    'SESSIONWARE_PROCESS_MEMORY',
    `MemoryStore is used ${where}; its sessions are lost when this process ends: use a store that the processes share (docs/stores.md)`,
    { isProduction, isCluster },
  )
}
