import type { StoreLike } from '../types'

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
