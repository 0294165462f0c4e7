import type { Store } from '../../src'
import { SECRET } from '../support/settings'
import { RETIRED_SECRET } from './client-cookies'
import type { CookieTraits, Options } from './program'

/** The time at which each program starts. */
export const START = Date.UTC(2030, 0, 1)

/** Returns the options of `session()` for a program, as a new object for each implementation. */
export function toSessionOptions(options: Options, store?: Store): Record<string, unknown> {
  const { genid, secret, cookie, cookieIsFunction, ...rest } = options
  return {
    ...rest,
    ...(store && { store }),
    ...(secret === 'one' && { secret: SECRET }),
    ...(secret === 'two' && { secret: [SECRET, RETIRED_SECRET] }),
    ...(genid === 'counting' && { genid: countingGenid() }),
    ...(cookie && { cookie: cookieIsFunction ? () => toCookieOptions(cookie) : toCookieOptions(cookie) }),
  }
}

function toCookieOptions({ expiresIn, ...cookie }: CookieTraits) {
  return { ...cookie, ...(expiresIn !== undefined && { expires: new Date(START + expiresIn) }) }
}

function countingGenid() {
  let count = 0
  return () => `counted-${++count}`
}
