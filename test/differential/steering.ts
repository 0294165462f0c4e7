import type { Answer, Program, Step, StoreMethod } from './program'

interface Rule {
  /** The difference; a test in `differences` shows it for both implementations. */
  difference: string
  meets: (program: Program) => boolean
}

type StepName = Step['do']

export const regenerates: StepName[] = ['regenerate', 'regenerate and set']
const saves: StepName[] = ['save', 'save twice', 'save without callback']
const ends: StepName[] = [...regenerates, 'destroy', 'assign null', 'delete session']

/** Intended differences between the implementations, which generated programs avoid. */
export const rules: Rule[] = [
  {
    difference: 'a cookie path matches whole segments of the path',
    meets: ({ options, requests }) =>
      requests.some(({ path }) => isOnlyPrefix(options.cookie?.path ?? '/', path.split('?')[0] ?? '')),
  },
  {
    difference: "a cookie function may return 'auto'",
    meets: ({ options: { cookie, cookieIsFunction } }) =>
      cookieIsFunction && (cookie?.secure === 'auto' || cookie?.sameSite === 'auto'),
  },
  {
    difference: 'a cookie whose expiry was removed is sent again',
    meets: ({ requests }) =>
      requests.some(({ cookie, steps }) => cookie !== 'none' && steps.some(losesExpiry)),
  },
  {
    difference: 'an empty regenerated session is not saved',
    meets: ({ options, requests }) =>
      options.saveUninitialized === false && hasSteps(requests, regenerates, ['regenerate', 'delete']),
  },
  {
    difference: 'a session that was saved after regenerate is not saved again',
    meets: ({ requests }) => hasSteps(requests, regenerates, saves),
  },
  {
    difference: "a session that could not be loaded is not destroyed by unset: 'destroy'",
    meets: ({ options, store: { fails, odd }, requests }) =>
      options.unset === 'destroy' &&
      (fails.includes('get') || (requests.some(({ cookie }) => cookie === 'odd') && !isReadable(odd))),
  },
  {
    difference: 'a reloaded session is not saved without a change',
    meets: ({ store, requests }) => store.fails.includes('set') && hasSteps(requests, saves, ['reload']),
  },
  {
    difference:
      'a save that the store has not finished when its session is destroyed is followed by another destroy',
    meets: ({ requests }) => hasSteps(requests, ['save without callback'], ends),
  },
]

/**
 * Returns whether a program meets none of the rules. Other differences cannot occur: the clock does not advance
 * within a request (the original shortens originalMaxAge), the store serves no expired records and does not record
 * the destroy of an unknown id, each change of the cookie comes with a change of the data, requests do not overlap
 * (destroyed ids stay destroyed here), and the script ends before the headers are sent (streams are saved early here).
 */
export function avoidsDifferences(program: Program): boolean {
  return !rules.some((rule) => rule.meets(program))
}

/**
 * Returns the headers to ignore. A plain end has a Content-Length here, while the original sends it in chunks; after a
 * write that failed, the connection is closed here.
 */
export function ignoredHeaders({ head, writes, contentLength }: Answer, fails: StoreMethod[]): string[] {
  const isPlainEnd = head === 'implicit' && writes.length === 0 && !contentLength
  return [
    'Date',
    ...(isPlainEnd ? ['Content-Length', 'Transfer-Encoding'] : []),
    ...(fails.some((method) => method !== 'get') ? ['Connection', 'Keep-Alive'] : []),
  ]
}

function isOnlyPrefix(cookiePath: string, path: string) {
  if (!path.startsWith(cookiePath) || path === cookiePath) return false
  return !cookiePath.endsWith('/') && path[cookiePath.length] !== '/'
}

/** Returns whether a session can be created from the record; no record means a new session. */
function isReadable(record: unknown): boolean {
  if (!record) return true
  const { cookie } = record as { cookie?: unknown }
  return typeof cookie === 'object' && cookie !== null
}

function losesExpiry(step: Step) {
  return step.do === 'maxAge' && step.ms === null
}

/** Returns whether a request has a step in `first`, and that step or a later one is in `second`. */
export function hasSteps(
  requests: { steps: { do: string }[] }[],
  first: string[],
  second: string[],
): boolean {
  return requests.some(({ steps }) => {
    const index = steps.findIndex((step) => first.includes(step.do))
    return index !== -1 && steps.slice(index).some((step) => second.includes(step.do))
  })
}
