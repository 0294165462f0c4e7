/** The attributes that browsers compare with a cookie's name and with each other. */
export interface CookieFlags {
  readonly secure?: unknown
  readonly httpOnly?: unknown
  readonly path?: unknown
  readonly domain?: unknown
  readonly sameSite?: unknown
  readonly partitioned?: unknown
}

/** The attributes that a cookie lacks for the prefix of its name (RFC 6265bis, 4.1.3; browsers ignore case). */
export function missingForPrefix(
  name: string,
  cookie: CookieFlags,
): { prefix: string; missing: string[] } | undefined {
  const prefix = PREFIXES.find((each) => name.toLowerCase().startsWith(each.toLowerCase()))
  if (!prefix) return undefined
  const missing = cookie.secure ? [] : ['secure: true']
  if (prefix.includes('Http') && !cookie.httpOnly) missing.push('httpOnly: true')
  if (prefix.includes('Host') && cookie.path !== '/') missing.push("path: '/'")
  if (prefix.includes('Host') && cookie.domain) missing.push('no domain')
  return missing.length > 0 ? { prefix, missing } : undefined
}

/** The longer one first. */
const PREFIXES = ['__Host-Http-', '__Host-', '__Http-', '__Secure-']

/** Returns the attribute because of which browsers reject a cookie that is not Secure. */
export function needsSecure({ secure, sameSite, partitioned }: CookieFlags): string | undefined {
  if (secure) return undefined
  if (isNone(sameSite)) return 'SameSite=None'
  return partitioned ? 'Partitioned' : undefined
}

/** Returns whether other sites' requests carry a cookie. */
export function isNone(sameSite: unknown): boolean {
  return typeof sameSite === 'string' && sameSite.toLowerCase() === 'none'
}

/** Returns whether a cookie for this domain is accepted from this host (RFC 6265, 5.1.3). */
export function coversHost(domain: string, host: string): boolean {
  const [wanted, given] = [domain.replace(/^\./, '').toLowerCase(), host.toLowerCase()]
  return given === wanted || given.endsWith(`.${wanted}`)
}

/** The longest name and value together that browsers keep, in bytes (RFC 6265bis, 5.6). */
export const MAX_COOKIE_BYTES = 4096
