import type { Request } from 'express'
import session, { Cookie, type CookieOptions } from 'sessionware'

export function describe(req: Request): string {
  const maxAge: number | undefined = req.session.cookie.maxAge
  const original: number | null = req.session.cookie.originalMaxAge
  const expires: Date | null | undefined = req.session.cookie.expires
  const secure: boolean | 'auto' | undefined = req.session.cookie.secure
  const sameSite: boolean | 'lax' | 'strict' | 'none' | undefined = req.session.cookie.sameSite
  const left = req.session.cookie.maxAge ? req.session.cookie.maxAge / 1000 : 0
  const certain = req.session.cookie.maxAge! / 1000
  return [maxAge, original, expires, secure, sameSite, left, certain].join()
}

export function remember(req: Request, days: number | undefined): void {
  req.session.cookie.maxAge = days
  req.session.cookie.maxAge = days === undefined ? undefined : days * 86_400_000
  req.session.cookie.expires = null
  req.session.cookie.expires = new Date(Date.now() + 1000)
  req.session.cookie.originalMaxAge = null
  req.session.cookie.sameSite = 'none'
  req.session.cookie.secure = 'auto'
  delete req.session.cookie.maxAge
  delete req.session.cookie.expires
  delete req.session.cookie.domain
}

export function replace(req: Request): Cookie {
  let cookie = new Cookie()
  cookie = req.session.cookie
  cookie = { originalMaxAge: null }
  let found = req.session.cookie
  found = new session.Cookie()
  req.session.cookie = found
  req.session.cookie = { originalMaxAge: 60_000 }
  req.session.cookie = { ...cookie, maxAge: 1 }
  Object.assign(req.session.cookie, { maxAge: 1 })
  return cookie
}

class LongCookie extends session.Cookie {
  override originalMaxAge = 60_000
  override maxAge = 60_000
  override expires = new Date()
  serialize(): string {
    return 'a text'
  }
  data = 'data'
}

class PlainCookie implements Cookie {
  originalMaxAge: number | null = null
}

export const cookies: Cookie[] = [new LongCookie(), new PlainCookie(), new Cookie()]
export const options: CookieOptions = new LongCookie()
export const isCookie = (value: unknown): value is Cookie => value instanceof session.Cookie
export const required: Required<Pick<Cookie, 'maxAge'>> = { maxAge: 1 }
export const make: typeof Cookie = LongCookie
export const constructed: InstanceType<typeof Cookie> = { originalMaxAge: null }

function limit({ maxAge = 0 }: CookieOptions): number {
  return maxAge + 1
}
export const limits = cookies.map((cookie) => limit(cookie))
export const keys: (keyof Cookie)[] = [
  'originalMaxAge',
  'maxAge',
  'signed',
  'expires',
  'httpOnly',
  'path',
  'domain',
]
