import { sign } from 'cookie-signature'
import type { Req } from '../support/app'
import { signedCookie } from '../support/cookies'
import { SECRET } from '../support/settings'
import type { CookieKind } from './program'

export const RETIRED_SECRET = 'a secret from before'

/** Returns the Cookie header for each kind of client; `jar` is the last session cookie that the client got. */
export function cookieHeader(kind: CookieKind, name: string, jar: string | undefined): string | undefined {
  const signed = (sid: string, secret = SECRET) => signedCookie(sid, secret, name)
  const headers: Record<CookieKind, string | undefined> = {
    jar,
    none: undefined,
    live: signed('live'),
    odd: signed('odd'),
    unknown: signed('unknown'),
    'retired secret': signed('live', RETIRED_SECRET),
    forged: signed('live', 'a guess'),
    unsigned: `${name}=live`,
    'empty id': signed(''),
    garbage: `;;=; ${name}; ${name}=%E0%A4%A; a=b;`,
    'live, then forged': `${signed('live')}; ${signed('odd', 'a guess')}`,
    'in req.signedCookies': undefined,
    'in req.cookies': undefined,
    'among others': `theme=dark; x${name}=s:live.x; ${signed('live')}; lang="en"`,
  }
  return headers[kind]
}

/** Sets the properties that cookie-parser would set, for clients whose session cookie is only there. */
export function parseCookies(kind: CookieKind, name: string, req: Req): void {
  if (kind === 'in req.signedCookies') Object.assign(req, { signedCookies: { [name]: 'live' } })
  if (kind === 'in req.cookies') Object.assign(req, { cookies: { [name]: `s:${sign('live', SECRET)}` } })
}
