import type { ServerResponse } from 'node:http'
import { expireCookie, setsCookie } from '../cookie/expire-cookie'
import type { Settings } from '../options/settings'
import { type Action, decideAction, type Facts } from '../policy/decide'
import { isHeadBuilt } from '../response/response-head'
import { peekSession } from '../session/attach'
import { endedCookie, hasDestroyed, noteEnd } from '../session/ended-session'
import { isReplaced, noteReplaced } from '../session/replaced-ids'
import type { RequestSession } from '../session/request-session'
import { addCookie, cookiesOf } from './cookie-header'
import { collectFacts } from './facts'

/**
 * The option `clearCookie`: deletes the browser's cookie in the response of the request that has ended its session. Called
 * when the headers are about to be built, with the Set-Cookie value of the session, if it has one. Returns the value that
 * the response has afterwards.
 */
export function clearCookie(
  owner: RequestSession,
  res: ServerResponse,
  settings: Settings,
  cookie: string | undefined,
): string | undefined {
  if (cookie !== undefined) {
    noteReplaced(owner)
    return cookie
  }
  if (settings.destroyOnUnset && !peekSession(owner.req) && isUnset(settings, collectFacts(owner)))
    noteEnd(owner)
  const sent = endedCookie(owner)
  if (!sent) return undefined
  decided.add(res)
  if (isReplaced(owner) || setsCookie(settings.name, cookiesOf(res))) return undefined
  const expired = expireCookie(settings.name, sent)
  addCookie(res, expired)
  return expired
}

/** Returns whether `clearCookie` would delete the cookie of a request with these facts, if its headers were built now. */
export function willClear(owner: RequestSession, settings: Settings, facts: Facts | undefined): boolean {
  if (!settings.clearCookie || peekSession(owner.req)) return false
  return (owner.hasEnded && hasDestroyed(owner)) || (owner.isLoaded && isUnset(settings, facts))
}

/** Called when it was decided what to do in the store. A session that ends after the headers were built is reported. */
export function reportUncleared(owner: RequestSession, res: ServerResponse, action: Action): void {
  if (action === 'destroy') noteEnd(owner)
  if (!owner.hasEnded || decided.has(res) || !isHeadBuilt(res) || isReplaced(owner)) return
  owner.settings.reporter?.report(
    'SESSIONWARE_COOKIE_NOT_CLEARED',
    'clearCookie: a session was destroyed after the headers of its response were sent, so the browser keeps its cookie: call destroy() before the first write',
  )
}

/** The responses whose headers were built after their session had ended. */
const decided = new WeakSet<ServerResponse>()

/** `unset: 'destroy'` removes the record when the response ends, which may be after the headers. */
function isUnset(settings: Settings, facts: Facts | undefined): boolean {
  return facts !== undefined && decideAction(facts, settings) === 'destroy'
}
