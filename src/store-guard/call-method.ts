import type { Answer } from './once'

// biome-ignore lint/suspicious/noExplicitAny: any method of any store.
export type Method = (...args: any[]) => unknown

/** How long a callback is waited for that may never come, in milliseconds. */
const GRACE = 250

/**
 * Calls a method that may answer by the callback or, where it declares none, by what it returns. The answer may come
 * more than once.
 */
export function callMethod(
  self: object,
  method: Method,
  args: unknown[],
  answer: Answer,
  callback = answer,
): void {
  const arity = args.length + 1
  const returned = method.call(self, ...args, callbackFor(method, arity, callback))
  answerByReturn(returned, method, arity, answer)
}

/** The callback to give to a method. One that uses it shows that it is the way it answers. */
function callbackFor(method: Method, arity: number, answer: Answer): Answer {
  if (method.length >= arity || styleOf(method) !== 'unknown') return answer
  return (err, value) => {
    styles.set(method, 'callback')
    answer(err, value)
  }
}

/** Takes what a method returned for its answer, as far as the method has no callback to answer by. */
export function answerByReturn(returned: unknown, method: Method, arity: number, answer: Answer): void {
  const style = method.length >= arity ? 'callback' : styleOf(method)
  if (isThenable(returned)) {
    const fail = (err: unknown) => answer(err ?? new Error('the session store rejected without an error'))
    returned.then(style === 'callback' ? undefined : (value) => answerByPromise(value, style, answer), fail)
  } else if (style === 'return') {
    answer(undefined, returned)
  }
}

/** Many methods are async and answer by the callback, maybe later: then a promise of nothing says nothing. */
function answerByPromise(value: unknown, style: Style, answer: Answer): void {
  if (style === 'unknown' && value === undefined) setTimeout(answer, GRACE).unref?.()
  else answer(undefined, value)
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** How a method answers that declares fewer parameters than it is given: its source tells more than its `length`. */
type Style = 'callback' | 'return' | 'unknown'

const styles = new WeakMap<Method, Style>()

function styleOf(method: Method): Style {
  let style = styles.get(method)
  if (!style) {
    style = readStyle(Function.prototype.toString.call(method))
    styles.set(method, style)
  }
  return style
}

function readStyle(source: string): Style {
  const [parameters = ''] = source.split(')', 1)
  const isBareArrow = /^[^(]*=>/.test(source)
  // `(sid, callback = noop)`
  if (!isBareArrow && parameters.includes('=')) return 'callback'
  // `(...args)`, `arguments` and a bound function hand on what they are given, to whom nobody knows.
  const isForwarding = /^[^)]*\.\.\.|\barguments\b|\[native code\]/.test(source)
  return isForwarding ? 'unknown' : 'return'
}
