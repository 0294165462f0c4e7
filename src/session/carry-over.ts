import { restoreCookie } from '../cookie/restore-cookie'
import type { SessionData } from '../types'
import type { Keep } from './keep'
import { assignData, type Session } from './session'

/**
 * Copies to the session with the new id what `regenerate({ keep })` keeps of the old one: all that outlives a change of
 * the id is copied here. The cookie is kept as it is with `keep: true`, so that a lifetime that the application gave this
 * session ("remember me") stays; else the new session has the one of the options.
 */
export function carryOver(from: object, to: Session, keep: Keep): void {
  const { cookie, ...data } = from as Partial<SessionData> & Record<string, unknown>
  assignData(to, keep === true ? data : pick(data, keep))
  if (cookie && (keep === true || keep.includes('cookie'))) to.cookie = restoreCookie(cookie)
}

/** Returns whether a session has data of the application. */
export function hasData(session: Session): boolean {
  return Object.keys(session).some((key) => key !== 'cookie')
}

function pick(data: Record<string, unknown>, keys: readonly string[]): object {
  const own = keys.filter((key) => Object.hasOwn(data, key))
  return Object.fromEntries(own.map((key) => [key, data[key]]))
}
