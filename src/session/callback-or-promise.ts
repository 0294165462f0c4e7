import type { Done } from '../types'

/**
 * Starts an operation that ends with the callback, and returns `self`. Without a callback it returns a promise, whose
 * rejection is not reported as unhandled.
 */
export function callbackOrPromise<T>(self: T, callback: Done | undefined, start: (done: Done) => void) {
  if (typeof callback === 'function') {
    start(callback)
    return self
  }
  const promise = new Promise<void>((resolve, reject) => {
    start((err) => (err ? reject(err) : resolve()))
  })
  promise.catch(() => {})
  return promise
}
