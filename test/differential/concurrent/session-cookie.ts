import { unsign } from 'cookie-signature'
import { SECRET } from '../../support/settings'

const START = 'connect.sid=s%3A'

/** Returns the id in a Cookie or Set-Cookie header, if it is a session cookie. */
export function sessionIdIn(value: string): string | undefined {
  if (!value.startsWith(START)) return undefined
  return unsign(decodeURIComponent(value.slice(START.length).split(';')[0] ?? ''), SECRET) || undefined
}
