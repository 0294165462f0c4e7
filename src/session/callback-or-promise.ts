import type { Done } from '../types'
import type { PromiseWatch } from './promise-watch'

/**
 * Starts an operation that ends with the callback, and returns `self`. Without a callback it returns a promise, whose
 * rejection is not reported as unhandled. `watch` notices whether the handler waits for the promise of this method.
 */
export function callbackOrPromise<T>(
  self: T,
  callback: Done | undefined,
  start: (done: Done) => void,
  method = '',
  watch?: PromiseWatch,
) {
  if (typeof callback === 'function') {
    start(callback)
    return self
  }
  const promise = new Promise<void>((resolve, reject) => {
    start((err) => (err ? reject(err) : resolve()))
  })
  promise.catch(() => {})
  return watch ? watch.watch(method, promise) : promise
}
