import { types } from 'node:util'

/** A value that is not the same after it was stored as JSON and read again. */
export interface LostValue {
  /** Where it is, like `cart.items[2].price`. */
  readonly path: string
  /** What it is, like 'a Map'. */
  readonly kind: string
  /** What the next request finds instead. */
  readonly becomes: string
}

/**
 * Returns the values of a session that JSON cannot carry, at most five. `undefined` as a property is not one of them: it reads
 * as undefined later, too. An object with a `toJSON` of its own says itself how it is stored.
 */
export function findLostValues(session: object): LostValue[] {
  const search: Search = { found: [], seen: new Set([session]), left: 20_000 }
  for (const [key, value] of Object.entries(session)) {
    if (key !== 'cookie') visit(search, value, key, false)
  }
  return search.found
}

/** Returns the paths of Dates and URLs: they come back as strings. */
export function findDates(session: object): LostValue[] {
  const search: Search = { found: [], seen: new Set([session]), left: 20_000, wantsDates: true }
  for (const [key, value] of Object.entries(session)) {
    if (key !== 'cookie') visit(search, value, key, false)
  }
  return search.found
}

interface Search {
  readonly found: LostValue[]
  readonly seen: Set<object>
  /** How many values may still be looked at. */
  left: number
  readonly wantsDates?: boolean
}

const MOST = 5

function visit(search: Search, value: unknown, path: string, isInArray: boolean): void {
  if (search.found.length >= MOST || search.left-- <= 0) return
  const lost = lostValue(value, isInArray, search.wantsDates)
  if (lost) return void search.found.push({ path, ...lost })
  if (typeof value !== 'object' || value === null || hasToJson(value)) return
  if (search.seen.has(value)) return
  search.seen.add(value)
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      visit(search, item, `${path}[${index}]`, true)
    })
  } else {
    for (const [key, item] of Object.entries(value)) visit(search, item, pathTo(path, key), false)
  }
}

function pathTo(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]{0,40}$/.test(key) ? `${path}.${key}` : `${path}[...]`
}

type Lost = Omit<LostValue, 'path'>

function lostValue(value: unknown, isInArray: boolean, wantsDates = false): Lost | undefined {
  if (wantsDates)
    return isTextual(value) ? { kind: `a ${value.constructor.name}`, becomes: 'a string' } : undefined
  switch (typeof value) {
    case 'bigint':
      return { kind: 'a BigInt', becomes: 'an error of each save' }
    case 'function':
    case 'symbol':
      return { kind: `a ${typeof value}`, becomes: isInArray ? 'null' : 'nothing' }
    case 'undefined':
      return isInArray ? { kind: 'undefined in an array', becomes: 'null' } : undefined
    case 'number':
      return Number.isFinite(value) ? undefined : { kind: String(value), becomes: 'null' }
    case 'object':
      return value === null ? undefined : lostObject(value)
    default:
      return undefined
  }
}

function isTextual(value: unknown): value is Date | URL {
  return types.isDate(value) || value instanceof URL
}

function lostObject(value: object): Lost | undefined {
  const plain = 'an object without its content'
  if (types.isMap(value)) return { kind: 'a Map', becomes: plain }
  if (types.isSet(value)) return { kind: 'a Set', becomes: plain }
  if (types.isPromise(value)) return { kind: 'a promise (an await is missing)', becomes: plain }
  if (types.isRegExp(value)) return { kind: 'a RegExp', becomes: plain }
  if (types.isNativeError(value)) return { kind: 'an Error', becomes: plain }
  if (types.isWeakMap(value) || types.isWeakSet(value)) return { kind: 'a weak collection', becomes: plain }
  if (Buffer.isBuffer(value)) return { kind: 'a Buffer', becomes: "an object { type: 'Buffer', data }" }
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) {
    return { kind: 'binary data', becomes: 'an object with a key for each byte' }
  }
  if (hasToJson(value) || Array.isArray(value)) return undefined
  return hasMethods(value)
    ? { kind: `an instance of ${nameOf(value)}`, becomes: 'an object without methods' }
    : undefined
}

function hasToJson(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function'
}

/** An instance of a class without methods is the same as a plain object. */
function hasMethods(value: object): boolean {
  for (let at = Object.getPrototypeOf(value); at; at = Object.getPrototypeOf(at)) {
    // The prototype of plain objects, of this realm or another.
    if (Object.getPrototypeOf(at) === null) return false
    if (Object.getOwnPropertyNames(at).some((name) => name !== 'constructor')) return true
  }
  return false
}

function nameOf(value: object): string {
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && /^[\w$]{1,40}$/.test(name) ? name : 'a class'
}
