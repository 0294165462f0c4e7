/** The values of a cookie's `sameSite`. */
export type SameSite = boolean | 'lax' | 'strict' | 'none' | 'auto'

/** What a cookie looks like inside a stored record. */
export interface CookieData {
  originalMaxAge: number | null
  partitioned?: boolean | undefined
  priority?: 'low' | 'medium' | 'high' | undefined
  expires?: Date | null | undefined
  secure?: boolean | 'auto' | undefined
  httpOnly?: boolean | undefined
  domain?: string | undefined
  path?: string | undefined
  sameSite?: SameSite | undefined
}

/** The moment a stored cookie ends, in milliseconds since the epoch; undefined where it never does. */
export function expiryOf(cookie: unknown): number | undefined {
  const expires: unknown = (cookie as { expires?: unknown } | null | undefined)?.expires
  if (!expires) return undefined
  if (expires instanceof Date) return expires.getTime()
  if (typeof expires === 'string') return new Date(expires).getTime()
  return typeof expires === 'number' ? expires : undefined
}

/** The data without its expiry, so that a moved expiry compares equal; the same object where it has none. */
export function withoutDate(data: CookieData): CookieData {
  return data.expires instanceof Date ? { ...data, expires: null } : data
}

/** Whether two are the same, as far as it can be told at little cost: spelt out, since it is done at each request. */
export function isSameData(a: CookieData, b: CookieData): boolean {
  return (
    hasNoOtherKeys(a) &&
    hasNoOtherKeys(b) &&
    a.originalMaxAge === b.originalMaxAge &&
    a.expires === b.expires &&
    a.path === b.path &&
    a.httpOnly === b.httpOnly &&
    a.secure === b.secure &&
    a.sameSite === b.sameSite &&
    a.domain === b.domain &&
    a.partitioned === b.partitioned &&
    a.priority === b.priority
  )
}

/** An application may add to what a cookie shows of itself. */
function hasNoOtherKeys(data: CookieData): boolean {
  return Object.keys(data).length === 9
}
