import { inspect } from 'node:util'

/** Returns a wrong value as an error message shows it: a string in double quotes, everything else as the console shows it. */
export function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : inspect(value)
}
