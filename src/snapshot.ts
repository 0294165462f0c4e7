/**
 * The JSON of a session without its cookie. Two equal snapshots mean: nothing was changed.
 * Throws what `JSON.stringify` throws (a BigInt, a circle, a `toJSON` of the application's own).
 */
export function takeSnapshot(session: object): string {
  const holder = session as { cookie?: unknown }
  const { cookie } = holder
  if (cookie === undefined) return JSON.stringify(session)

  // Hiding the cookie for a moment costs a fraction of a replacer function or a copy.
  if (!Reflect.set(holder, 'cookie', undefined)) return snapshotOfFrozen(holder)
  try {
    return JSON.stringify(holder)
  } finally {
    holder.cookie = cookie
  }
}

function snapshotOfFrozen(session: object): string {
  const { cookie, ...data } = session as { cookie?: unknown }
  return JSON.stringify(data)
}

const PASSES_SNAPSHOT = Symbol('passes snapshot')

/**
 * Marks a store's method that hands the snapshot on as one more argument: `get` gives it behind the record, `set`
 * takes it behind the callback. It spares both sides a pass over the data. The mark sits on the function, so a
 * method that replaces it (a spy, a wrapper that changes what it is given) is treated like any other store's.
 */
export function passingSnapshot<T extends object>(method: T): T {
  return Object.assign(method, { [PASSES_SNAPSHOT]: true })
}

/** Whether a store's method is marked by `passingSnapshot`. */
export function passesSnapshot(method: object): boolean {
  return PASSES_SNAPSHOT in method
}
