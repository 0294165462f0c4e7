import { callMethod, type Method } from '../store-guard/call-method'
import { isMissing, once } from '../store-guard/call-store'
import type { Answer } from '../types'

/**
 * Calls a store's method as the middleware does and gives its first answer: from the callback or, where it declares
 * none, from what it returns. Rejects with the store's error, and where no answer comes in time.
 */
export function ask(
  store: object,
  name: string,
  args: unknown[],
  timeout: number,
  onCallback?: () => void,
): Promise<unknown> {
  const method = methodOf(store, name)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, timeout, silence(name, timeout))
    const answer: Answer = once((err, value) => {
      clearTimeout(timer)
      err ? reject(err) : resolve(value)
    })
    const callback: Answer = (err, value) => {
      onCallback?.()
      answer(err, value)
    }
    try {
      callMethod(store, method, args, answer, callback)
    } catch (err) {
      answer(err ?? new Error(`${name}() threw without an error`))
    }
  })
}

/** Throws a TypeError that says what is missing. */
export function methodOf(store: object, name: string): Method {
  const method: unknown = Reflect.get(store, name)
  if (typeof method === 'function') return method as Method
  throw new TypeError(`the store has no method ${name}(), or \`create\` gave something else than a store`)
}

/** For what rejects where there is no record. */
export function passMissing(err: unknown): undefined {
  if (!isMissing(err)) throw err
}

function silence(name: string, timeout: number): Error {
  return new Error(
    `${name}() did not answer within ${timeout} ms: call the callback, or declare none and return a promise`,
  )
}
