import type { AnyStore } from './contract'

/** Asks a store and takes its first answer: by the callback or, where it takes none, by its promise or value. */
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
