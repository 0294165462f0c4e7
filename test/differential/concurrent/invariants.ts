import type { LiveRequest } from './live-request'
import { isUnsoundStep } from './observations'
import type { Performance } from './play'
import type { ConcurrentAnswer, ConcurrentRequest } from './program'
import type { Effect } from './scheduled-store'

/** Returns the rules that this package must keep in every program, and has broken in this one. */
export function brokenRules({ requests, shared, crashes, name }: Performance): string[] {
  return [
    ...crashes.map((error) => `the process ends: ${error}`),
    ...requests.flatMap((request) =>
      brokenByRequest(request).map((text) => `request ${request.index}: ${text}`),
    ),
    ...returnedIds(shared.effects).map((sid) => `the record of ${name(sid)} is back after its session ended`),
  ]
}

function brokenByRequest(request: LiveRequest): string[] {
  const { handlerRuns, errors, failures, violations, plan } = request
  const broken = [...violations]
  if (handlerRuns > 1) broken.push('the handler runs more than once')
  if (errors.length > failures + (isUnsound(plan) ? 1 : 0))
    broken.push(`the error handler is called without a reason: ${errors}`)
  if (request.writesAfterLeaving > 0 && request.hasLeftEarly && !plan.answer) {
    broken.push('a client that left before the headers causes a write')
  }
  if (request.connection && (!request.hasLeft || request.hasGivenUp) && !mayHang(request)) {
    broken.push(...brokenByResponse(request))
  }
  return broken
}

function isUnsound({ steps, answer }: ConcurrentRequest) {
  return [...steps, ...(answer?.midway ?? [])].some(isUnsoundStep)
}

function mayHang({ plan, unanswered }: LiveRequest) {
  return unanswered > 0 || (plan.kind === 'request' && !plan.answer)
}

/** A client that stays gets a whole response: the handler's, or an error if its session could not be loaded or saved. */
function brokenByResponse({ plan, ...request }: LiveRequest): string[] {
  const { answer, kind } = plan
  const response = request.connection?.response
  // A handler that throws in mid-stream cuts its response.
  if (request.journal.lines.some((line) => line.startsWith('thrown'))) return []
  if (!response) return [`there is no whole response, but ${JSON.stringify(request.connection?.received)}`]
  if (!answer || kind === 'upgrade' || (isUnsound(plan) && request.errors.length > 0)) return []
  if (request.handlerRuns === 0) {
    return response.status === 500 && request.failures > 0 ? [] : ['the handler does not run']
  }
  if (response.status !== answer.status) return [`the status is ${response.status}`]
  return response.content === bodyOf(answer) ? [] : ['the body is not the whole body']
}

function bodyOf({ status, writes, last = '', encoding }: ConcurrentAnswer): string {
  if (status === 204 || status === 304) return ''
  const end = Buffer.from(last, encoding === 'latin1' ? 'latin1' : 'utf8')
  return Buffer.concat([...writes.map((text) => Buffer.from(text)), end]).toString('latin1')
}

/** Returns the ids that a request of the same process, which began before their end, has written again. */
function returnedIds(effects: Effect[]): string[] {
  const endings = new Map<string, Effect>()
  const returned = new Set<string>()
  for (const effect of effects) {
    const { process, method, sid, request } = effect
    const ending = endings.get(`${process} ${sid}`)
    if (method === 'destroy') endings.set(`${process} ${sid}`, effect)
    const isLate = method === 'set' && ending && request.began < ending.at && !failsToDestroy(request)
    if (isLate) returned.add(sid)
    else returned.delete(sid)
  }
  return [...returned]
}

function failsToDestroy({ plan }: LiveRequest) {
  return plan.faults.some(({ method }) => method === 'destroy')
}
