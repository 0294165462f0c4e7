import { RecentMap } from '../recent-map'
import type { SessionRequest } from './attach'
import type { Tracker } from './tracker'

/**
 * Remembers that a browser gets another session's cookie in the place of the one that it sent, at a login for example. A
 * parallel request that ends the old session must not delete the new cookie.
 */
export function noteReplaced({ store, req, tracker }: Replacer): void {
  const sent = tracker.sentId?.id
  if (sent === undefined || sent === req.sessionID) return
  const ids = replacedIds.get(store.ids) ?? new RecentMap<number>(REMEMBERED)
  replacedIds.set(store.ids, ids)
  ids.set(sent, ++replacements)
}

/**
 * Returns whether the browser has got another session's cookie since this request began. A request that began later was
 * sent with the old cookie, so the browser still has it: the response with the new one was lost, or this is a copy. Such a
 * session can be loaded only if it is in its cookie.
 */
export function isReplaced({ store, tracker, replacementsBefore }: Replacer): boolean {
  const sent = tracker.sentId?.id
  const replacement = sent === undefined ? undefined : replacedIds.get(store.ids)?.get(sent)
  return replacement !== undefined && replacement > replacementsBefore
}

/** Returns how many cookies this process has replaced so far: a request notes it when it begins. */
export function countReplacements(): number {
  return replacements
}

/** The parts of a request's session that tell which cookie is replaced. */
interface Replacer {
  readonly store: { readonly ids: object }
  readonly req: Pick<SessionRequest, 'sessionID'>
  readonly tracker: Pick<Tracker, 'sentId'>
  /** How many cookies had been replaced when the request began. */
  readonly replacementsBefore: number
}

let replacements = 0

/** How many replaced ids are remembered at least, for each store: those of the requests that are running now matter. */
const REMEMBERED = 1_000

/** By the states of the ids, which all middlewares and requests of a store share. */
const replacedIds = new WeakMap<object, RecentMap<number>>()
