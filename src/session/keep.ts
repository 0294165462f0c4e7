import { show } from '../diagnostics/show'
import type { TrackedSession } from './tracker'

/** The options of `req.session.regenerate`. */
export interface RegenerateOptions {
  /**
   * What the new session keeps. true: all data, and the cookie with its lifetime. An array: the data of these keys;
   * 'cookie' stands for the cookie. Default: false, nothing. Other values are a TypeError.
   */
  keep?: boolean | readonly string[] | undefined
}

/** What a session keeps when it gets a new id: all of it, or the data of these keys. */
export type Keep = true | readonly string[]

/** A session with a new id and kept data, before it is the request's session. */
export interface KeptSession {
  readonly session: TrackedSession
  /** The JSON of its data. */
  readonly snapshot: string
  /** The old record exists and data of it is kept, so the new record is stored before the old one is destroyed. */
  readonly mustSave: boolean
  /** When the old session began, if `absoluteTimeout` is on. */
  readonly startedAt: number | undefined
}

/**
 * Returns the `keep` of the options of `regenerate`; undefined if nothing is kept. Throws a TypeError for a wrong value,
 * since a mistake here would lose data. `reserved` are the keys that a session uses itself.
 */
export function readKeep(options: unknown, reserved: ReadonlySet<string>): Keep | undefined {
  if (options === undefined || options === null) return undefined
  if (typeof options !== 'object') {
    throw new TypeError(`regenerate() takes options like { keep: true } and a callback, not ${show(options)}`)
  }
  const { keep } = options as { keep?: unknown }
  if (keep === true) return true
  if (keep === undefined || keep === false) return undefined
  if (!Array.isArray(keep)) throw wrongKeep(keep)
  for (const key of keep) if (typeof key !== 'string' || reserved.has(key)) throw wrongKeep(key)
  return keep.length > 0 ? keep : undefined
}

function wrongKeep(value: unknown): TypeError {
  return new TypeError(
    `keep option of regenerate() must be true, false or an array of keys of your data like ['cart'], not ${show(value)}`,
  )
}
