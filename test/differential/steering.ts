import type { Answer, ClientRequest, Program, Step } from './program'

interface Rule {
  /** What differs; a test below `differences` shows both sides of it. */
  difference: string
  meets: (program: Program) => boolean
}

type StepName = Step['do']

const regenerates: StepName[] = ['regenerate', 'regenerate and set']
const saves: StepName[] = ['save', 'save twice', 'save without callback']
const ends: StepName[] = [...regenerates, 'destroy', 'assign null', 'delete session']

/** What generated programs keep away from, since the two implementations differ there on purpose. */
export const rules: Rule[] = [
  {
    difference: 'a cookie path matches whole segments of the path',
    meets: ({ options, requests }) =>
      requests.some(({ path }) => isOnlyPrefix(options.cookie?.path ?? '/', path.split('?')[0] ?? '')),
  },
  {
    difference: "a cookie function may say 'auto'",
    meets: ({ options: { cookie, cookieIsFunction } }) =>
      cookieIsFunction && (cookie?.secure === 'auto' || cookie?.sameSite === 'auto'),
  },
  {
    difference: 'the browser hears of a cookie that has lost its expiry',
    meets: ({ requests }) =>
      requests.some(({ cookie, steps }) => cookie !== 'none' && steps.some(losesExpiry)),
  },
  {
    difference: 'a regenerated session with nothing in it is not saved',
    meets: ({ options, requests }) =>
      options.saveUninitialized === false && hasSteps(requests, regenerates, ['regenerate', 'delete']),
  },
  {
    difference: 'a session that was saved after regenerate is not saved again',
    meets: ({ requests }) => hasSteps(requests, regenerates, saves),
  },
  {
    difference: 'a session that could not be read is not destroyed as unset',
    meets: ({ options, store: { fails, odd }, requests }) =>
      options.unset === 'destroy' &&
      (fails.includes('get') || (requests.some(({ cookie }) => cookie === 'odd') && !isReadable(odd))),
  },
  {
    difference: 'a reloaded session needs no save',
    meets: ({ store, requests }) => store.fails.includes('set') && hasSteps(requests, saves, ['reload']),
  },
  {
    difference: 'a save that the store is working on when its session ends is followed by a destroy',
    meets: ({ requests }) => hasSteps(requests, ['save without callback'], ends),
  },
]

/**
 * Beside these rules, the stage is built so that some differences cannot show: its clock stands still within a
 * request (originalMaxAge erodes), its store serves nothing expired and does not note the destroy of an id that
 * it never saw, a change of the cookie comes with one of the data, requests do not overlap (what ends stays
 * ended), and the script is over before the headers go (streams are saved early).
 */
export function steersClear(program: Program): boolean {
  return !rules.some((rule) => rule.meets(program))
}

/** A plain end keeps the length that Node gives it, where the original sends it in chunks. */
export function ignoredHeaders({ head, writes, contentLength }: Answer): string[] {
  const isPlainEnd = head === 'implicit' && writes.length === 0 && !contentLength
  return isPlainEnd ? ['Date', 'Content-Length', 'Transfer-Encoding'] : ['Date']
}

function isOnlyPrefix(cookiePath: string, path: string) {
  if (!path.startsWith(cookiePath) || path === cookiePath) return false
  return !cookiePath.endsWith('/') && path[cookiePath.length] !== '/'
}

/** Whether a session can be made of the record; where it is nothing at all, a new one is. */
function isReadable(record: unknown): boolean {
  if (!record) return true
  const { cookie } = record as { cookie?: unknown }
  return typeof cookie === 'object' && cookie !== null
}

function losesExpiry(step: Step) {
  return step.do === 'maxAge' && step.ms === null
}

/** Whether a request has a step of the first names, and it or a later one is of the second. */
function hasSteps(requests: ClientRequest[], first: StepName[], second: StepName[]) {
  return requests.some(({ steps }) => {
    const index = steps.findIndex((step) => first.includes(step.do))
    return index !== -1 && steps.slice(index).some((step) => second.includes(step.do))
  })
}
