import { AsyncResource } from 'node:async_hooks'
import type { Answer, StoreLike } from '../types'
import { callMethod } from './call-method'

/**
 * Calls a method of a store. The callback is called exactly once, with the first answer: by callback, by promise, or by
 * a throw. An exception of the callback never reaches the store: it is thrown to the caller if the store has answered
 * in the same tick, else it is an uncaught exception.
 */
export function callStore(store: StoreLike, name: keyof StoreLike, args: unknown[], callback: Answer): void {
  let early: Parameters<Answer> | undefined
  let later: Answer | undefined
  const answer: Answer = (err, value) => {
    if (later) later(err, value)
    else early ??= [err, value]
  }
  try {
    callMethod(store, name, args, answer)
  } catch (err) {
    answer(err ?? new Error(`the session store's ${name} threw without an error`))
  }
  if (early) callback(...early)
  else later = once(callback)
}

/**
 * Wraps a callback for a store: only the first call counts, it runs in the async context of this call (AsyncLocalStorage),
 * and an exception in it is thrown in the next tick, where the store cannot catch it.
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

function deliver(callback: Answer, err: unknown, value: unknown): void {
  try {
    callback(err, value)
  } catch (fault) {
    process.nextTick(() => {
      throw fault
    })
  }
}

/** Returns whether an error means "no such record". File stores answer so. */
export function isMissing(err: unknown): boolean {
  return (err as { code?: unknown } | null | undefined)?.code === 'ENOENT'
}
