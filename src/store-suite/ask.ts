import { callMethod, type Method } from '../store-guard/call-method'
import { isMissing, once } from '../store-guard/call-store'
import type { Answer } from '../types'

/**
 * Calls a store's method as the middleware does and resolves to its first answer: the callback's value or, if the
 * method declares no callback, the returned value. Rejects with the store's error, or when no answer comes in time.
 */
export function ask(
  store: object,
  name: string,
  args: unknown[],
  timeout: number,
  onCallback?: () => void,
): Promise<unknown> {
  methodOf(store, name)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, timeout, timeoutError(name, timeout))
    const answer: Answer = once((err, value) => {
      clearTimeout(timer)
      err ? reject(err) : resolve(value)
    })
    const callback: Answer = (err, value) => {
      onCallback?.()
      answer(err, value)
    }
    try {
      callMethod(store, name, args, answer, callback)
    } catch (err) {
      answer(err ?? new Error(`${name}() threw without an error`))
    }
  })
}

/** Returns the store's method; throws a TypeError when it is missing. */
export function methodOf(store: object, name: string): Method {
  const method: unknown = Reflect.get(Object(store), name)
  if (typeof method === 'function') return method as Method
  throw new TypeError(`the store has no method ${name}(): \`create\` must return a session store`)
}

/** Returns undefined for the error of a missing record, as a store of files gives it; rethrows any other error. */
export function passMissing(err: unknown): undefined {
  if (!isMissing(err)) throw err
}

function timeoutError(name: string, timeout: number): Error {
  return new Error(
    `${name}() did not answer within ${timeout} ms: call the callback, or declare no callback parameter and return a promise`,
  )
}
