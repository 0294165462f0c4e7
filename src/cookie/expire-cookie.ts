import { serialize } from 'cookie'
import type { Cookie } from './cookie'

/**
 * Returns the Set-Cookie value that deletes this cookie in the browser: the same cookie without a value, expired. A browser
 * deletes it only if name, path, domain and partition are the same. It ignores the line without the attributes that the
 * cookie needed to be set: Secure for a name like `__Host-id`, SameSite=None in another site's frame (RFC 6265bis, 5.7).
 */
export function expireCookie(name: string, { data }: Cookie): string {
  return serialize(name, '', { ...data, expires: new Date(0) } as Parameters<typeof serialize>[2])
}

/** Returns whether one of these Set-Cookie values sets a cookie of this name, and does not delete it. */
export function setsCookie(name: string, lines: unknown[]): boolean {
  return lines.some((line) => {
    const [pair = ''] = String(line).split(';', 1)
    const [key = '', ...value] = pair.split('=')
    return key.trim() === name && value.join('=').trim() !== ''
  })
}
