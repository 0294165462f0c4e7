import type { Answer, ClientRequest, Program, Step } from './program'

interface Rule {
  /** The difference, in the words of the test that shows both sides of it. */
  difference: string
  meets: (program: Program) => boolean
}

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
    difference: 'a regenerated session in which nothing was set is not saved',
    meets: ({ options, requests }) =>
      options.saveUninitialized === false && requests.some(follows('regenerate', anything)),
  },
  {
    difference: 'a session that was saved after regenerate is not saved again',
    meets: ({ requests }) => requests.some(follows(/^regenerate/, (step) => step.do.startsWith('save'))),
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

function anything() {
  return true
}

function follows(first: string | RegExp, isNext: (step: Step) => boolean) {
  return ({ steps }: ClientRequest) => {
    const index = steps.findIndex((step) =>
      typeof first === 'string' ? step.do === first : first.test(step.do),
    )
    return index !== -1 && steps.slice(index).some(isNext)
  }
}
