import type { Answer } from '../types'

// biome-ignore lint/suspicious/noExplicitAny: any method of any store.
export type Method = (...args: any[]) => unknown

/**
 * Calls a store's method, which answers by its callback or, if it declares none, by its return value or promise.
 * `answer` may be called more than once.
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

/** Returns the callback to pass. A method of unknown style that calls it is known to answer by callback from then on. */
function callbackFor(method: Method, arity: number, answer: Answer): Answer {
  if (method.length >= arity || styleOf(method) !== 'unknown') return answer
  return (err, value) => {
    styles.set(method, 'callback')
    answer(err, value)
  }
}

/** Uses the return value as the answer, unless the method answers by its callback. */
export function answerByReturn(returned: unknown, method: Method, arity: number, answer: Answer): void {
  const style = method.length >= arity ? 'callback' : styleOf(method)
  if (isThenable(returned)) {
    const fail = (err: unknown) => answer(err ?? new Error('the session store rejected without an error'))
    returned.then(style === 'callback' ? undefined : (value) => answerByPromise(value, style, answer), fail)
  } else if (style === 'return') {
    answer(undefined, returned)
  }
}

/** How long a callback is waited for after a promise of undefined, in milliseconds. */
const GRACE = 250

/** Many methods are async and still answer by the callback, so a promise of undefined may not be the answer. */
function answerByPromise(value: unknown, style: Style, answer: Answer): void {
  if (style === 'unknown' && value === undefined) setTimeout(answer, GRACE).unref?.()
  else answer(undefined, value)
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** How a method answers that declares fewer parameters than it is given. Its source tells more than its `length`. */
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
  // `(...args)`, `arguments` and bound functions pass their arguments on to an unknown function.
  const isForwarding = /^[^)]*\.\.\.|\barguments\b|\[native code\]/.test(source)
  return isForwarding ? 'unknown' : 'return'
}
