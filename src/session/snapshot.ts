import { types } from 'node:util'

/**
 * The JSON of a session without its cookie. Two equal snapshots mean: nothing was changed.
 * Throws what `JSON.stringify` throws (a BigInt, a circle, a `toJSON` of the application's own).
 */
export function takeSnapshot(session: object): string {
  const holder = session as { cookie?: unknown }
  const { cookie } = holder
  if (cookie === undefined) return JSON.stringify(session)

  // Hiding the cookie for a moment costs a fraction of a replacer function, but a proxy and a toJSON would tell of it.
  if (types.isProxy(holder) || 'toJSON' in holder || !Reflect.set(holder, 'cookie', undefined)) {
    return stringifyWithoutCookie(holder)
  }
  try {
    return JSON.stringify(holder)
  } catch {
    // Perhaps a toJSON deeper inside that looks at the cookie.
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
