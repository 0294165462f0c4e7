import type { Answer, StoreLike } from '../../types'
import { callStore } from '../call-store'
import type { GuardedStore } from '../guarded-store'
import { StoreTimeout } from './store-timeout'

/**
 * Returns a guarded store whose calls become errors after this many milliseconds: the store of a middleware with the option
 * `storeTimeout`. It shares the connection and the states of the ids with the guarded store that it is made of, and other
 * middlewares on the same store keep their own limit, or none.
 */
export function withTimeLimit(guarded: GuardedStore, ms: number | undefined): GuardedStore {
  if (ms === undefined) return guarded
  const call: GuardedStore['call'] = (name, args, callback, wantsLate = false) => {
    callWithin(ms, guarded.store, name, args, callback, wantsLate)
  }
  return Object.create(guarded, { call: { value: call }, timeLimit: { value: ms } })
}

/** A store that answers in the same tick makes no timer. */
function callWithin(
  ms: number,
  store: StoreLike,
  name: keyof StoreLike,
  args: unknown[],
  callback: Answer,
  wantsLate: boolean,
): void {
  let isAnswered = false
  let isLate = false
  let timer: NodeJS.Timeout | undefined
  callStore(store, name, args, (err, value) => {
    isAnswered = true
    clearTimeout(timer)
    if (!isLate || wantsLate) callback(err, value)
  })
  if (isAnswered) return
  timer = setTimeout(() => {
    isLate = true
    callback(new StoreTimeout(name, ms))
  }, ms)
  // The timers of a simulated browser (jsdom) are numbers.
  timer.unref?.()
}
