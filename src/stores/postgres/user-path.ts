import { show } from '../../diagnostics/show'
import { checkNames } from '../check-names'

/** A key of the session, or the keys on the way to a nested one. */
export type UserPath = string | readonly string[]

/** Returns the `user` option as a list of keys; undefined if it is not set. Throws a TypeError for wrong options. */
export function resolveUserPath(
  options: { user?: UserPath | undefined } | null | undefined,
): readonly string[] | undefined {
  if (typeof (options ?? {}) !== 'object' || Array.isArray(options))
    throw new TypeError(`conditional() takes options like { user: 'userId' }, not ${show(options)}`)
  checkNames('conditional()', options ?? {}, ['user'])
  const user = options?.user
  if (user === undefined) return undefined
  const path = typeof user === 'string' ? [user] : user
  const isPath = Array.isArray(path) && path.length > 0 && path.every((key) => typeof key === 'string' && key)
  if (isPath) return path
  throw new TypeError(
    `user option of conditional() must be a key of the session, such as 'userId', or an array of keys, such as ['passport', 'user'], not ${show(user)}`,
  )
}

/**
 * Returns the SQL that gives the user of a record as text: `sess ->> 'userId'`, or `sess -> 'passport' ->> 'user'`. An
 * index on this expression makes the search fast.
 */
export function userExpression(path: readonly string[]): string {
  const steps = path.map((key, i) => `${i === path.length - 1 ? '->>' : '->'} ${quote(key)}`)
  return `sess ${steps.join(' ')}`
}

/** Returns what a record has at the path. */
export function valueAt(record: unknown, path: readonly string[]): unknown {
  let value = record
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

function quote(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}
