import type { AnyStore } from './contract'

/** Calls a store's method; resolves to the callback's value or, for a method without callback, the returned value. */
export function ask<T>(store: AnyStore, method: keyof AnyStore, ...args: unknown[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = store[method] as ((...args: unknown[]) => unknown) | undefined
    if (!call) throw new Error(`the store has no ${method}()`)
    const returned = call.call(store, ...args, (err: unknown, value: T) =>
      err ? reject(err) : resolve(value),
    )
    if (call.length <= args.length) Promise.resolve(returned as T).then(resolve, reject)
    else Promise.resolve(returned).catch(reject)
  })
}
