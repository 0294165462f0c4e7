import { types } from 'node:util'

/**
 * Makes it cheap to add properties to Express's requests and responses on Node 20 and 22. Express replaces their
 * prototypes. V8 then makes a hidden class of its own for each object at each added property, and all code that uses the
 * object becomes slow. An object that lost a property is kept as a dictionary, where adding properties is cheap, so the
 * property with this key is deleted and defined again.
 */
export function useDictionaryMode(object: object, key: string): void {
  if (!IS_NEEDED || Object.getPrototypeOf(object) === object.constructor?.prototype) return
  const own = Object.getOwnPropertyDescriptor(object, key)
  if (!own || types.isProxy(object) || !Object.isExtensible(object)) return
  if (Reflect.deleteProperty(object, key)) Object.defineProperty(object, key, own)
}

/** From V8 13 on (Node 24), objects share a hidden class after their prototype was replaced. */
const IS_NEEDED = Number.parseInt(process.versions.v8, 10) < 13
