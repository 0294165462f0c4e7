import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import type { Settings } from '../../options/settings'
import { OWNER, peekSession, type SessionRequest } from '../../session/attach'
import { RequestSession } from '../../session/request-session'
import { storeName } from '../../store-guard/store-name'
import { callsOf } from '../observe/observed'
import { explainCandidates } from './candidates'
import { changedKeys } from './changed-keys'
import { explainMissing } from './explain-missing'
import type { SessionExplanation, StoreExplanation } from './explanation'
import { describe } from './line'
import { currentFacts, explainAction, explainCookie } from './why'

/**
 * Explains the session of a request: which cookies came and why they were refused, what the store has answered, what has
 * changed, and what is stored and sent, and why. It can be called before, during and after the response, and also for a
 * request that no session middleware has handled. The times of the store are known only if `diagnostics` are on or a
 * channel has a subscriber (docs/monitoring.md).
 */
export function explainSession(req: IncomingMessage | Http2ServerRequest): SessionExplanation {
  const request = req as unknown as SessionRequest
  const owner = request[OWNER]
  if (!(owner instanceof RequestSession) || !owner.ending) return explainMissing(request)
  const { ending } = owner
  const settings = (ending as unknown as { settings: Settings }).settings
  const codec = settings.openCookies?.(request) ?? settings.codecFor(request)
  const changed = changedKeys(owner)
  const facts = ending.facts ?? currentFacts(owner)
  const explanation = {
    candidates: codec ? explainCandidates(owner, settings.name, codec) : [],
    store: explainStore(owner),
    isNew: owner.hasStarted && owner.record === undefined && Boolean(peekSession(request)),
    changed,
    ...explainAction(owner, settings, facts, ending.action, changed),
    cookie: explainCookie(owner, settings, ending),
  }
  return { line: describe(settings.name, explanation), ...explanation }
}

function explainStore(owner: RequestSession): StoreExplanation {
  const name = storeName(owner.store.store)
  const calls = callsOf(owner).map(({ operation, outcome, ms }) => ({ operation, outcome, ms }))
  const first = calls.find(({ operation }) => operation === 'get')
  return { name, answer: answerOf(owner), ms: first?.ms, calls }
}

function answerOf({
  isLoaded,
  misses = [],
  tracker,
  hasStarted,
}: RequestSession): StoreExplanation['answer'] {
  if (isLoaded) return 'found'
  if (misses.some(({ error }) => error)) return 'error'
  if (misses.some(({ endedBy }) => endedBy)) return 'ended'
  if (misses.length > 0) return 'missing'
  return tracker.sentId && !hasStarted ? 'waiting' : 'not asked'
}
