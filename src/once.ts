import { AsyncResource } from 'node:async_hooks'

/** How a store answers. */
export type Answer = (err?: unknown, value?: unknown) => void

/**
 * A callback for a store: only its first call counts, it runs in the async context of now, and what it throws is
 * an uncaught exception of its own and never the store's to catch.
 */
export function once(callback: Answer): Answer {
  const context = new AsyncResource('SessionStore')
  let isAnswered = false
  return function answer(err, value) {
    if (isAnswered) return
    isAnswered = true
    context.runInAsyncScope(deliver, null, callback, err, value)
  }
}

/** Takes a method's return value for its answer where the method has no callback to answer by. */
export function answerByReturn(returned: unknown, method: Method, arity: number, answer: Answer): void {
  const takesCallback = method.length >= arity
  if (isThenable(returned)) {
    const fail = (err: unknown) => answer(err ?? new Error('the session store rejected without an error'))
    returned.then(takesCallback ? undefined : (value) => answer(undefined, value), fail)
  } else if (!takesCallback && method.length > 0 && !mayTakeMore(method)) {
    answer(undefined, returned)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: any method of any store.
export type Method = (...args: any[]) => unknown

function deliver(callback: Answer, err: unknown, value: unknown): void {
  try {
    callback(err, value)
  } catch (fault) {
    process.nextTick(() => {
      throw fault
    })
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** `(sid, callback = noop)` and `(...args)` take a callback that `length` does not count. */
function mayTakeMore(method: Method): boolean {
  const source = Function.prototype.toString.call(method)
  const [parameters = ''] = source.split(')', 1)
  const isBareArrow = /^[^(]*=>/.test(source)
  return (!isBareArrow && /=|\.\.\./.test(parameters)) || /\barguments\b/.test(source)
}
