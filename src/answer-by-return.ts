import type { Answer } from './once'

// biome-ignore lint/suspicious/noExplicitAny: any method of any store.
export type Method = (...args: any[]) => unknown

/** Takes what a method returned for its answer, as far as the method has no callback to answer by. */
export function answerByReturn(returned: unknown, method: Method, arity: number, answer: Answer): void {
  const style = method.length >= arity ? 'callback' : styleOf(method)
  if (isThenable(returned)) {
    const fail = (err: unknown) => answer(err ?? new Error('the session store rejected without an error'))
    // Many answer by the callback and are async besides: then only their rejection says something.
    returned.then(style === 'callback' ? undefined : (value) => answer(undefined, value), fail)
  } else if (style === 'return') {
    answer(undefined, returned)
  }
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
