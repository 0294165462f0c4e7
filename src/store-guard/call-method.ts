import type { Answer } from '../types'

// biome-ignore lint/suspicious/noExplicitAny: any method of any store.
export type Method = (...args: any[]) => unknown

/**
 * Calls a store's method, which answers by its callback or, if it declares none, by its return value or promise.
 * `answer` may be called more than once.
 */
export function callMethod(
  self: object,
  name: string,
  args: unknown[],
  answer: Answer,
  callback = answer,
): void {
  const arity = args.length + 1
  const method = Reflect.get(self, name) as Method
  if (typeof method !== 'function') throw new TypeError(`the session store has no method ${name}()`)
  const known = method.length >= arity ? method : knownMethod(self, name, method)
  const returned = method.call(self, ...args, callbackFor(known, arity, callback))
  answerByReturn(returned, known, arity, answer)
}

/** Returns the callback to pass. A method of unknown style that calls it is known to answer by callback from then on. */
function callbackFor(method: Method, arity: number, answer: Answer): Answer {
  if (method.length >= arity || isSettled(styleOf(method))) return answer
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
    returned.then(style === 'callback' ? undefined : (value) => answerByPromise(value, method, answer), fail)
  } else if (style === 'return') {
    answer(undefined, returned)
  }
}

/** How long a callback is waited for after a promise of undefined, in milliseconds. */
const GRACE = 250

/**
 * Many methods are async and still answer by the callback, so a promise of undefined may not be the answer. If no callback
 * follows in time, the method is known to answer by its promise, and is not waited for again.
 */
function answerByPromise(value: unknown, method: Method, answer: Answer): void {
  if (styleOf(method) !== 'unknown' || value !== undefined) return answer(undefined, value)
  setTimeout(() => {
    if (styleOf(method) === 'unknown') styles.set(method, 'promise')
    answer()
  }, GRACE).unref?.()
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/**
 * How a method answers that declares fewer parameters than it is given. Its source tells more than its `length`. 'promise'
 * was learnt from its answers, and a later callback still corrects it.
 */
type Style = 'callback' | 'return' | 'promise' | 'unknown'

const styles = new WeakMap<Method, Style>()

function isSettled(style: Style): boolean {
  return style === 'callback' || style === 'return'
}

function styleOf(method: Method): Style {
  let style = styles.get(method)
  if (!style) {
    style = readStyle(sourceOf(method))
    styles.set(method, style)
  }
  return style
}

function sourceOf(method: Method): string {
  return Function.prototype.toString.call(method)
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

/** The methods of unknown style that were called first, by store and name. */
const firstMethods = new WeakMap<object, Map<string, Method>>()

/**
 * Returns the method whose style counts. A tracer may make a new wrapper each time that the method is read; all of them
 * have the same source, and count as the first one if that is known to answer by its promise.
 */
function knownMethod(self: object, name: string, method: Method): Method {
  if (styleOf(method) !== 'unknown') return method
  const methods = firstMethods.get(self) ?? new Map<string, Method>()
  firstMethods.set(self, methods)
  const first = methods.get(name)
  if (first && styleOf(first) !== 'callback' && sourceOf(first) === sourceOf(method)) return first
  methods.set(name, method)
  return method
}
