import { answerByReturn, callbackFor, type Method } from './answer-by-return'
import { type Answer, once } from './once'
import type { StoreLike } from './types'

/** Calls a method of a store, the only place where that is done: it is answered exactly once, whatever the store does. */
export function askStore(store: StoreLike, name: keyof StoreLike, args: unknown[], callback: Answer): void {
  const answer = once(callback)
  try {
    const method = store[name] as Method
    const arity = args.length + 1
    const returned = method.call(store, ...args, callbackFor(method, arity, answer))
    answerByReturn(returned, method, arity, answer)
  } catch (err) {
    answer(err ?? new Error(`the session store's ${name} threw without an error`))
  }
}

/** Whether the store replaces sessions in a way of its own, and not in that of the class that all extend. */
export function hasOwnRegenerate(store: StoreLike): boolean {
  const holders = holdersOf(store, 'regenerate')
  return holders.length > 1 || holders.some((holder) => !Object.hasOwn(holder, 'load'))
}

/** The objects of a prototype chain that have a member of this name. */
function holdersOf(object: object, name: string): object[] {
  const holders: object[] = []
  for (let at: object | null = object; at; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) holders.push(at)
  }
  return holders
}

/** Stores of files answer so where there is no record. */
export function isMissing(err: unknown): boolean {
  return (err as { code?: unknown } | null | undefined)?.code === 'ENOENT'
}
