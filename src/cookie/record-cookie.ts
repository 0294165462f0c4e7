import { readDuration } from './attributes'
import { Cookie } from './cookie'
import { type CookieData, expiryOf } from './cookie-data'

/** What a record's `cookie` has beside the attributes while `idleTimeout` or `absoluteTimeout` is on. */
export interface LifetimeMarks {
  /** When the session began, in milliseconds since the epoch. Written while `absoluteTimeout` is on. */
  startedAt?: number | undefined
  /**
   * The method that wrote this `cookie`. Written while `idleTimeout` is on. 'touch' proves that the store's `touch`
   * rewrites the record, so that `expires` is always its current end.
   */
  lastWrite?: 'save' | 'touch' | undefined
  /** The process that saved the session had found a record with 'touch'. Processes that have found none learn it from this. */
  touchWrites?: boolean | undefined
}

const DATA = Symbol('data of the record')
const MARKS = Symbol('marks of the record')

/**
 * A session's cookie as a store receives it while a timeout is on. `expires`, `maxAge` and `originalMaxAge` answer with
 * the end of the record, since stores read different ones of them. Its JSON has the configured `originalMaxAge`, the end
 * as `expires`, and the marks.
 */
export class RecordCookie extends Cookie {
  declare private [DATA]: CookieData
  declare readonly [MARKS]: LifetimeMarks

  /** `cookie` may be a plain object that the application assigned. `end` is in milliseconds since the epoch. */
  constructor(cookie: Cookie, end: number | undefined, marks: LifetimeMarks) {
    super()
    if (cookie instanceof Cookie) Object.assign(this, cookie)
    else copyAttributes(this as never, cookie)
    const data = typeof cookie.toJSON === 'function' ? cookie.toJSON() : (cookie as CookieData)
    const expires = end === undefined ? data.expires : new Date(end)
    this[DATA] = { ...data, expires }
    this[MARKS] = marks
    if (end === undefined) return
    this._expires = expires
    this.originalMaxAge = end - Date.now()
  }

  /** Without the marks. */
  override get data(): CookieData {
    return this[DATA]
  }

  override toJSON(): CookieData & LifetimeMarks {
    return { ...this[DATA], ...this[MARKS] }
  }
}

/**
 * Returns the record with plain data as its cookie. A store that keeps objects, not JSON, gives back the cookie that it has
 * received, which answers `originalMaxAge` with the end of the record and has no marks.
 */
export function withPlainCookie<T extends { cookie: unknown }>(record: T): T {
  return record.cookie instanceof RecordCookie ? { ...record, cookie: record.cookie.toJSON() } : record
}

/** Returns the marks. Their key is a symbol, since the application may have given the cookie a property of any name. */
export function marksOf(cookie: RecordCookie): LifetimeMarks {
  return cookie[MARKS]
}

/** An application may have assigned any object. Keys that would call or hide a member of the class are left out. */
function copyAttributes(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const key in source) if (!(key in Cookie.prototype)) target[key] = source[key]
}

/** Returns when the session of a stored cookie began. */
export function startOf(cookie: unknown): number | undefined {
  return readStart((cookie as LifetimeMarks | null | undefined)?.startedAt)
}

/**
 * Returns the start that a stored value means. The clocks of two processes may differ a little, so a start in the near
 * future counts as now. One in the far future is of a wrong clock and counts as none, or the session would not end.
 */
export function readStart(value: unknown): number | undefined {
  const startedAt = readDuration(value)
  const now = Date.now()
  return startedAt === undefined || startedAt > now + CLOCK_TOLERANCE ? undefined : Math.min(startedAt, now)
}

/** In milliseconds. */
const CLOCK_TOLERANCE = 60_000

/** Returns which method wrote a stored cookie, if `idleTimeout` was on. */
export function lastWriteOf(cookie: unknown): LifetimeMarks['lastWrite'] {
  return (cookie as LifetimeMarks | null | undefined)?.lastWrite
}

/** Returns true if a stored cookie proves that the store's `touch` rewrites the record, else undefined. */
export function touchWritesOf(cookie: unknown): true | undefined {
  const { lastWrite, touchWrites } = Object(cookie) as LifetimeMarks
  return lastWrite === 'touch' || touchWrites === true || undefined
}

/** Returns whether a timeout was on when this cookie was stored: then its `expires` is the end of the record. */
export function hasMarks(cookie: unknown): boolean {
  return startOf(cookie) !== undefined || lastWriteOf(cookie) !== undefined
}

/**
 * Returns the cookie to store of a session that was loaded outside a request: with the marks and the end that it was
 * loaded with, so that a save does not make the session younger.
 */
export function keepMarks(cookie: Cookie): Cookie {
  if (!hasMarks(cookie)) return cookie
  return new RecordCookie(cookie, expiryOf(cookie), {
    startedAt: startOf(cookie),
    lastWrite: lastWriteOf(cookie) && 'save',
    touchWrites: touchWritesOf(cookie),
  })
}
