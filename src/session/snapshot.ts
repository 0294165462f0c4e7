import { types } from 'node:util'

/**
 * Returns the JSON of a session without its cookie. Equal snapshots mean that the data has not changed.
 * Throws the errors of `JSON.stringify`: for a BigInt, for a circular reference, and from a `toJSON` of the application.
 */
export function takeSnapshot(session: object): string {
  const holder = session as { cookie?: unknown }
  const { cookie } = holder
  if (cookie === undefined) return JSON.stringify(session)

  // Unsetting the cookie for a moment is much cheaper than a replacer function, but proxies and toJSON could notice it.
  if (types.isProxy(holder) || 'toJSON' in holder || !Reflect.set(holder, 'cookie', undefined)) {
    return stringifyWithoutCookie(holder)
  }
  try {
    return JSON.stringify(holder)
  } catch {
    // The error may come from a nested toJSON that reads the cookie.
    holder.cookie = cookie
    return stringifyWithoutCookie(holder)
  } finally {
    holder.cookie = cookie
  }
}

function stringifyWithoutCookie(session: object): string {
  let root: unknown
  return JSON.stringify(session, function (key, value) {
    root ??= value
    return this === root && key === 'cookie' ? undefined : value
  })
}
