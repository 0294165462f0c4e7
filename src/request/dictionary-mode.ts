import { types } from 'node:util'

/** Later engines let objects share a hidden class after their prototype was replaced; those of Node 20 and 22 do not. */
const IS_NEEDED = Number.parseInt(process.versions.v8, 10) < 13

/**
 * Makes it cheap to add properties to a request or response of Express, which replaces their prototypes. Up to Node 22
 * V8 then makes a hidden class for each object at each property that anybody adds, and no code gets fast on such
 * objects: below Express that cost more than all else a session does. An object that lost a property is kept as a
 * dictionary, where adding costs next to nothing; so the property of this name is deleted and put back.
 */
export function easeAdding(object: object, key: string): void {
  if (!IS_NEEDED || Object.getPrototypeOf(object) === object.constructor?.prototype) return
  const own = Object.getOwnPropertyDescriptor(object, key)
  if (!own || types.isProxy(object) || !Object.isExtensible(object)) return
  if (Reflect.deleteProperty(object, key)) Object.defineProperty(object, key, own)
}
