import { types } from 'node:util'
import { serialize } from 'cookie'
import { debug, fingerprint } from '../diagnostics/debug'
import type { Cookie } from './cookie'
import { type CookieData, isSameData, withoutDate } from './cookie-data'

/**
 * Writes the values of the `Set-Cookie` header for one cookie name. It keeps the last attributes it wrote, since most
 * cookies have the same ones.
 */
export class SetCookieWriter {
  private attributes = ''
  private data: CookieData | undefined
  private second: number | undefined

  constructor(private readonly name: string) {}

  /** Returns the header value for an encoded cookie value. Throws a TypeError for an invalid attribute. */
  write(text: string, cookie: Cookie): string {
    debug('set-cookie %s=%s', this.name, fingerprint(text))
    // An application may assign a plain object to `session.cookie`. It has no `data`, so no attributes are written.
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

/** Returns the expiry in whole seconds, the precision of a cookie (RFC 6265, 4.1.1). */
function secondOf(expires: unknown): number | undefined {
  return types.isDate(expires) ? Math.floor(expires.getTime() / 1000) : undefined
}
