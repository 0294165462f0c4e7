import type { Cookie } from '../../cookie/cookie'
import type { CookieData } from '../../cookie/cookie-data'

/** What is sealed in a cookie. */
export interface PackedSession {
  readonly id: string
  /** When it was sealed, in milliseconds since the epoch. */
  readonly sealedAt: number
  /** The session's cookie as plain data. Attributes with the default of a new cookie are left out. */
  readonly cookie: CookieData
  /** The JSON of the data, without the cookie. */
  readonly snapshot: string
}

/** Returns the text to seal: a line of JSON for what the middleware needs, then the data. JSON has no line breaks. */
export function pack({ id, sealedAt, cookie, snapshot }: PackedSession): string {
  const kept = cookie.originalMaxAge === null ? { ...cookie, originalMaxAge: undefined } : cookie
  return `${JSON.stringify([id, sealedAt, kept])}\n${snapshot}`
}

/** Returns what was packed. Undefined if the text has another form, which a later version may seal. */
export function unpack(text: string): PackedSession | undefined {
  const end = text.indexOf('\n')
  if (end === -1) return undefined
  try {
    const [id, sealedAt, cookie] = JSON.parse(text.slice(0, end))
    const isValid =
      typeof id === 'string' && typeof sealedAt === 'number' && typeof cookie === 'object' && cookie
    if (!isValid) return undefined
    return { id, sealedAt, cookie: { originalMaxAge: null, ...cookie }, snapshot: text.slice(end + 1) }
  } catch {
    return undefined
  }
}

/** Returns the cookie to pack, without what `restoreCookie` fills in: each byte takes room of the application's data. */
export function compact(cookie: unknown): CookieData {
  const given = cookie as Partial<Cookie> | undefined
  const data = (typeof given?.toJSON === 'function' ? given.toJSON() : given) as CookieData
  const kept: Record<string, unknown> = {}
  for (const key in data) {
    const value: unknown = data[key as keyof CookieData]
    if (value === undefined || value === DEFAULTS[key as keyof CookieData]) continue
    kept[key] = value instanceof Date ? value.getTime() : value
  }
  return kept as unknown as CookieData
}

const DEFAULTS: Partial<CookieData> = { path: '/', httpOnly: true, expires: null }
