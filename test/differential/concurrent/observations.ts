import { hasSteps, regenerates } from '../steering'
import { currentRequest, type LiveRequest } from './live-request'
import type { Performance } from './play'
import { type ConcurrentProgram, type ConcurrentRequest, type ConcurrentStep, isStream } from './program'
import { sessionIdIn } from './session-cookie'

/** Returns what both implementations must agree on, as lines. `ended` is what `endedIds` returns. */
export function observations(performance: Performance, ended: Set<string>): string[] {
  return [
    ...performance.requests.flatMap((request) =>
      currentRequest.run(request, () => observe(request, performance, ended)),
    ),
    ...performance.records
      .toSorted(byJson)
      .map(([sid, json]) => `record ${performance.name(sid)} ${json}`)
      .sort(),
    ...performance.crashes.map((error) => `the process ends: ${error}`),
  ]
}

/** Returns whether a program keeps clear of the differences that `documentStore` and `DocumentedSaves` do not make up for. */
export function isComparable({ options, requests, store }: ConcurrentProgram): boolean {
  const scripts = requests.map(({ steps, answer }) => ({ steps: [...steps, ...(answer?.midway ?? [])] }))
  const isUnsound = scripts.some(({ steps }) => steps.some(isUnsoundStep))
  const savesEmpty =
    options.saveUninitialized === false && hasSteps(scripts, regenerates, ['regenerate', 'delete'])
  const fails = requests.some(({ faults }) => faults.some(({ method }) => method === 'get'))
  const isLost = !store.touches && scripts.some(changesReloaded)
  return (
    !isUnsound &&
    !savesEmpty &&
    !isLost &&
    !(options.unset === 'destroy' && fails) &&
    !requests.some(waitsForEver)
  )
}

/**
 * express-session loses a change of a reloaded session back to what it was before. `documentStore` makes up for it where the
 * session is touched instead.
 */
function changesReloaded({ steps }: { steps: ConcurrentStep[] }): boolean {
  const reload = steps.findIndex((step) => step.do === 'reload')
  return reload !== -1 && steps.slice(reload).some((step) => CHANGES.includes(step.do))
}

const CHANGES = ['set', 'delete', 'push']

/** Returns whether a step makes data that JSON cannot represent: express-session hangs then. */
export function isUnsoundStep(step: ConcurrentStep): boolean {
  return 'value' in step && typeof step.value === 'bigint'
}

/** Without an answer, neither `DocumentedSaves` can go on with a stream nor the client with its next request. */
function waitsForEver({ answer, faults }: ConcurrentRequest, index: number, requests: ConcurrentRequest[]) {
  const isWaited = requests[index + 1]?.cookie === 'previous' || (answer && isStream(answer))
  return isWaited && faults.some(({ how }) => how === 'never answers')
}

/** Returns the names of the ids that ended, with their processes. */
export function endedIds(performance: Performance): Set<string> {
  // An id gets its name from the first request that had it.
  observations(performance, new Set())
  const { shared, name } = performance
  return new Set(
    Object.entries(shared.ended).flatMap(([process, ids]) =>
      [...ids].map((sid) => `${process} ${name(sid)}`),
    ),
  )
}

/** The bundled stores show the ids of records only now, so the records must come in an order that the ids do not set. */
function byJson([, a]: [string, string], [, b]: [string, string]) {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Returns whether a client has sent a cookie of an ended id on, which express-session sends and this package does not. */
export function hasEndedCookie({ requests, shared }: Performance): boolean {
  return requests.some(({ sentId, plan }, index) => {
    const { process } = requests[index - 1]?.plan ?? plan
    return plan.cookie === 'previous' && sentId !== undefined && shared.ended[process].has(sentId)
  })
}

function observe(request: LiveRequest, performance: Performance, ended: Set<string>): string[] {
  const lines = [
    `handler runs ${request.handlerRuns} times`,
    ...request.journal.lines,
    ...request.calls,
    ...request.errors.toSorted().map((error) => `next: ${error}`),
    ...describeResponse(request, performance, ended),
  ]
  return lines.map((line) => `request ${request.index}: ${line}`)
}

function describeResponse(request: LiveRequest, { name }: Performance, ended: Set<string>): string[] {
  const { plan, errors, connection } = request
  if ((request.hasLeft && !request.hasGivenUp) || request.unanswered > 0) return []
  // express-session lets such an error handler cut the response.
  if (plan.errorHandler === 'destroys the connection' && errors.length > 0) return []
  const response = connection?.response
  if (!response) return ['no whole response']
  const lines = response.headers.flatMap(([key, value]) => {
    const sid = key === 'Set-Cookie' ? sessionIdIn(value) : undefined
    if (sid === undefined) return isIgnored(key, request) ? [] : [`${key}: ${value}`]
    // No cookie is sent for an id that has ended.
    return ended.has(`${plan.process} ${name(sid)}`)
      ? []
      : [`${key}: ${name(sid)}${value.slice(value.indexOf(';'))}`]
  })
  return [response.statusLine, ...lines.sort(), JSON.stringify(response.content)]
}

/** The implementations differ in the framing of bodies, and in closing the connection after a failed save. */
function isIgnored(key: string, { failures }: LiveRequest) {
  return IGNORED.includes(key) || (failures > 0 && key === 'Connection')
}

const IGNORED = ['Date', 'Content-Length', 'Transfer-Encoding', 'Keep-Alive']
