import { serialize } from 'cookie'
import { deprecate } from '../diagnostics/deprecate'
import type { CookieData, SameSite } from './cookie-data'

/** The attributes of the session cookie, as `session({ cookie })` takes them. */
export interface CookieOptions {
  /** How long the session and its cookie live, in milliseconds. Default: null, until the browser closes. */
  maxAge?: number | null | undefined
  /** The moment the cookie ends; `maxAge` is nearly always what you want. Default: null. */
  expires?: Date | null | undefined
  /** Hides the cookie from scripts in the page (RFC 6265, 5.2.6). Default: true. */
  httpOnly?: boolean | undefined
  /** The URL path below which the cookie is sent and the session exists (RFC 6265, 5.1.4). Default: '/'. */
  path?: string | undefined
  /** The domain the cookie is sent to, its subdomains included. Default: only the host that set it. */
  domain?: string | undefined
  /** Send the cookie over HTTPS only; 'auto' follows the connection of each request. Default: not set. */
  secure?: boolean | 'auto' | undefined
  /**
   * Whether other sites' requests carry the cookie; `true` means 'strict', and 'auto' means 'none' over
   * HTTPS and 'lax' otherwise. Default: not set.
   */
  sameSite?: SameSite | undefined
  /** Keeps a jar per top-level site (CHIPS). Default: not set. */
  partitioned?: boolean | undefined
  /** Which cookies a browser evicts first. Default: not set, which means 'medium'. */
  priority?: 'low' | 'medium' | 'high' | undefined
  /** Accepted for compatibility; the session cookie is always signed. */
  signed?: boolean | undefined
  /** Accepted for compatibility; the session cookie is always URI-encoded. */
  encode?: ((value: string) => string) | undefined
}

/** A stored cookie's keys that would hide what the class itself answers. */
const RESERVED = new Set(['data', 'serialize', 'toJSON', 'constructor', '__proto__'])

/** The cookie of one session: its attributes, and how long the session lives. */
export class Cookie implements CookieOptions {
  /** Stores read this own property, so it stays one: the moment the session ends. */
  declare _expires: Date | null | undefined
  /** The lifetime each touch starts again from, in milliseconds; null for a browser session. */
  declare originalMaxAge: number | null
  /** See `CookieOptions.path`. */
  declare path?: string | undefined
  /** See `CookieOptions.httpOnly`. */
  declare httpOnly?: boolean | undefined
  /** See `CookieOptions.domain`. */
  declare domain?: string | undefined
  /** See `CookieOptions.secure`. */
  declare secure?: boolean | 'auto' | undefined
  /** See `CookieOptions.sameSite`. */
  declare sameSite?: SameSite | undefined
  /** See `CookieOptions.partitioned`. */
  declare partitioned?: boolean | undefined
  /** See `CookieOptions.priority`. */
  declare priority?: 'low' | 'medium' | 'high' | undefined
  /** Accepted for compatibility. */
  declare signed?: boolean | undefined
  /** Accepted for compatibility. */
  declare encode?: ((value: string) => string) | undefined

  constructor(options?: CookieOptions) {
    this.path = '/'
    this._expires = null
    this.originalMaxAge = null
    this.httpOnly = true

    if (options) copyOptions(this, options, true)
    if (this.originalMaxAge == null) this.originalMaxAge = this.maxAge as number | null
  }

  /** The moment the session ends; null or undefined for a browser session. */
  get expires(): Date | null | undefined {
    return this._expires
  }

  set expires(date: Date | null | undefined) {
    this._expires = date
    this.originalMaxAge = this.maxAge as number | null
  }

  /** Milliseconds until the session ends; setting it starts the lifetime anew from now. */
  get maxAge(): number | null | undefined {
    const expires = this._expires
    return expires instanceof Date ? expires.getTime() - Date.now() : (expires as null | undefined)
  }

  set maxAge(ms: number | null | undefined) {
    if (typeof ms === 'number') {
      // What the clock says a moment later must not shorten the lifetime.
      this._expires = new Date(Date.now() + ms)
      this.originalMaxAge = ms
      return
    }
    const date: unknown = ms
    if (date && !(date instanceof Date)) throw new TypeError('maxAge must be a number or Date')
    if (date) deprecate('maxAge as Date; pass number of milliseconds instead')
    this.expires = date as Date | null | undefined
  }

  /** The attributes as a plain object: what a record keeps and `Set-Cookie` shows. */
  get data(): CookieData {
    return {
      originalMaxAge: this.originalMaxAge,
      partitioned: this.partitioned,
      priority: this.priority,
      expires: this._expires,
      secure: this.secure,
      httpOnly: this.httpOnly,
      domain: this.domain,
      path: this.path,
      sameSite: this.sameSite,
    }
  }

  /** The `Set-Cookie` header value for this name and value. */
  serialize(name: string, value: string): string {
    return serialize(name, value, this.data as Parameters<typeof serialize>[2])
  }

  /** What a record keeps. */
  toJSON(): CookieData {
    return this.data
  }
}

/** Gives a cookie what these options say; a stored cookie's say nothing by being undefined. */
export function copyOptions(cookie: Cookie, options: unknown, withUndefined: boolean): void {
  if (typeof options !== 'object') throw new TypeError('argument options must be a object')
  const target = cookie as unknown as Record<string, unknown>
  const source = options as Record<string, unknown>
  for (const key in source) {
    const value = source[key]
    if ((withUndefined || value !== undefined) && !RESERVED.has(key)) target[key] = value
  }
}
