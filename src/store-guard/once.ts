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

function deliver(callback: Answer, err: unknown, value: unknown): void {
  try {
    callback(err, value)
  } catch (fault) {
    process.nextTick(() => {
      throw fault
    })
  }
}
