import { inspect } from 'node:util'

/**
 * Returns a wrong value as an error message shows it: a string in double quotes, an object by its kind, everything else as
 * the console shows it. The content of an object is left out: a request has cookies, and the client of a database has a
 * password.
 */
export function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: -1 })
}
