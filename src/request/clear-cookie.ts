import type { ServerResponse } from 'node:http'
import { expireCookie, setsCookie } from '../cookie/expire-cookie'
import type { Settings } from '../options/settings'
import { type Action, decideAction } from '../policy/decide'
import { RecentMap } from '../recent-map'
import { isHeadBuilt } from '../response/response-head'
import { peekSession } from '../session/attach'
import { endedCookie, noteEnd } from '../session/ended-session'
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
  if (settings.destroyOnUnset && isUnset(owner, settings)) noteEnd(owner)
  const sent = endedCookie(owner)
  if (!sent) return undefined
  decided.add(res)
  if (isReplaced(owner) || setsCookie(settings.name, cookiesOf(res))) return undefined
  const expired = expireCookie(settings.name, sent)
  addCookie(res, expired)
  return expired
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
function isUnset(owner: RequestSession, settings: Settings): boolean {
  if (peekSession(owner.req)) return false
  const facts = collectFacts(owner)
  return facts !== undefined && decideAction(facts, settings) === 'destroy'
}

/** How many replaced ids are remembered at least, for each store: those of the requests that are running now matter. */
const REMEMBERED = 1_000

/** By the states of the ids, which all middlewares and requests of a store share. */
const replacedIds = new WeakMap<object, RecentMap<true>>()

/**
 * Remembers that a browser gets another session's cookie in the place of the one that it sent, at a login for example. A
 * parallel request that ends the old session must not delete the new cookie.
 */
function noteReplaced({ store, req, tracker }: RequestSession): void {
  const sent = tracker.sentId?.id
  if (sent === undefined || sent === req.sessionID) return
  const ids = replacedIds.get(store.ids) ?? new RecentMap<true>(REMEMBERED)
  replacedIds.set(store.ids, ids)
  ids.set(sent, true)
}

function isReplaced({ store, tracker }: RequestSession): boolean {
  const sent = tracker.sentId?.id
  return sent !== undefined && (replacedIds.get(store.ids)?.has(sent) ?? false)
}
