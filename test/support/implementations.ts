import upstream from 'express-session'
import ours from '../../src'

export { ours, upstream }

export type SessionModule = typeof ours

/** Resolves to the function's results with this package and with npm's express-session. */
export async function compare<T>(observe: (session: SessionModule) => T | Promise<T>) {
  return { ours: await observe(ours), upstream: await observe(upstream) }
}
