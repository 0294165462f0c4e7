import { types } from 'node:util'

/**
 * The JSON of a session without its cookie. Two equal snapshots mean: nothing was changed.
 * Throws what `JSON.stringify` throws (a BigInt, a circle, a `toJSON` of the application's own).
 */
export function takeSnapshot(session: object): string {
  const holder = session as { cookie?: unknown }
  const { cookie } = holder
  if (cookie === undefined) return JSON.stringify(session)

  // Hiding the cookie for a moment costs a fraction of a replacer function or a copy, but a proxy would tell of it.
  if (types.isProxy(holder) || !Reflect.set(holder, 'cookie', undefined)) return snapshotOfCopy(holder)
  try {
    return JSON.stringify(holder)
  } finally {
    holder.cookie = cookie
  }
}

function snapshotOfCopy(session: object): string {
  const { cookie, ...data } = session as { cookie?: unknown }
  return JSON.stringify(data)
}
