import type { Done } from '../types'

/** A callback gets the answer; without one it comes as a promise, whose rejection nobody is forced to handle. */
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
