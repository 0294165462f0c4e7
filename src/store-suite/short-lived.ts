import type { LiveSession } from './live-session'
import type { Trial } from './trial'

/** How many lifetimes are tried, each twice as long as the one before. */
const ATTEMPTS = 4

/** A record that expires soon. */
export interface ShortLived {
  id: string
  /** `cookie.expires`, in milliseconds since the epoch. */
  expires: number
  /** The latest expiry, in milliseconds since the epoch: a server may count the lifetime from when it receives the record. */
  latestEnd: number
}

/**
 * Adds a record that expires soon, and does some work before its expiry. If a busy machine finishes the work too late,
 * the result proves nothing, and the work is repeated with a new record that lives twice as long.
 */
export async function addShortLived(
  trial: Trial,
  work: (session: LiveSession) => Promise<unknown>,
): Promise<ShortLived> {
  const { clock } = trial
  for (let attempt = 1, lifetime = clock.lifetime; ; attempt++, lifetime *= 2) {
    const session = await trial.add({ user: 'ada' }, { maxAge: lifetime })
    const latestEnd = Date.now() + lifetime
    const expires = (session.cookie.expires as Date).getTime()
    await work(session)
    const isInTime = Date.now() < expires - clock.precision
    if (isInTime || attempt === ATTEMPTS) return { id: session.id, expires, latestEnd }
  }
}
