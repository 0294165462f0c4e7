import { types } from 'node:util'
import { serialize } from 'cookie'
import { debug, fingerprint } from '../diagnostics/debug'
import type { Cookie } from './cookie'
import { type CookieData, isSameData, withoutDate } from './cookie-data'

/** Writes the `Set-Cookie` values of one name. What follows the value is mostly what followed the one before. */
export class SetCookieWriter {
  private attributes = ''
  private data: CookieData | undefined
  private second: number | undefined

  constructor(private readonly name: string) {}

  /** The header's value for a cookie value that is encoded. Throws a TypeError for an invalid attribute. */
  write(text: string, cookie: Cookie): string {
    debug('set-cookie %s=%s', this.name, fingerprint(text))
    // What an application puts in the place of a session's cookie has no data, and shows no attributes.
    return `${this.name}=${text}${this.attributesOf(cookie.data ?? {})}`
  }

  private attributesOf(data: CookieData): string {
    const second = secondOf(data.expires)
    const undated = withoutDate(data)
    if (!this.data || second !== this.second || !isSameData(undated, this.data)) {
      this.attributes = this.serialize(data)
      this.data = undated
      this.second = second
    }
    return this.attributes
  }

  private serialize(data: CookieData): string {
    return serialize(this.name, '', data as Parameters<typeof serialize>[2]).slice(this.name.length + 1)
  }
}

/** A cookie tells no more of its expiry (RFC 6265, 4.1.1). */
function secondOf(expires: unknown): number | undefined {
  return types.isDate(expires) ? Math.floor(expires.getTime() / 1000) : undefined
}
