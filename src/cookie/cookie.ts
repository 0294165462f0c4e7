import { serialize } from 'cookie'
import { deprecate } from '../diagnostics/deprecate'
import type { ConfiguredCookie, CookieData, SameSite } from './cookie-data'

/** The attributes of the session cookie: the `cookie` option of `session()`. */
export interface CookieOptions {
  /** The lifetime of the session and its cookie, in milliseconds. Default: none, until the browser closes. */
  maxAge?: number | undefined
  /** The moment when the cookie expires. Prefer `maxAge`, a lifetime that each request restarts. Default: null. */
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
  /** The browser keeps a separate cookie for each top-level site (CHIPS). Default: not set. */
  partitioned?: boolean | undefined
  /** Which cookies a browser evicts first. Default: not set, which means 'medium'. */
  priority?: 'low' | 'medium' | 'high' | undefined
  /** Accepted for compatibility; the session cookie is always signed. */
  signed?: boolean | undefined
  /** Accepted for compatibility; the session cookie is always URI-encoded. */
  encode?: ((value: string) => string) | undefined
}

/** The same with a `maxAge` that may be null, which means no lifetime. */
export interface AnyCookieOptions extends Omit<CookieOptions, 'maxAge'> {
  /** See `CookieOptions.maxAge`. */
  maxAge?: number | null | undefined
}

/** Keys of the options that are not copied, since they would hide members of the class. */
const RESERVED = new Set(['data', 'serialize', 'toJSON', 'constructor', '__proto__'])

/** The cookie of one session: its attributes and its lifetime. */
export class Cookie implements CookieOptions {
  /** @internal When the session ends. An own data property, since some stores read it. */
  declare _expires: Date | null | undefined
  /** The lifetime in milliseconds that each touch starts again; null for a session that ends with the browser. */
  declare originalMaxAge: number | null
  /** When the session ends; null or undefined if it ends with the browser. */
  declare expires?: Date | null | undefined
  /** The milliseconds until the session ends. Setting it starts a new lifetime now. */
  declare maxAge?: number | undefined
  /** See `CookieOptions.path`. */
  declare path?: string | undefined
  /** See `CookieOptions.httpOnly`. */
  declare httpOnly?: boolean | undefined
  /** See `CookieOptions.domain`. */
  declare domain?: string | undefined
  /** See `CookieOptions.secure`. */
  declare secure?: boolean | 'auto' | undefined
  /** See `CookieOptions.sameSite`. The middleware replaces 'auto' by what it means for the request. */
  declare sameSite?: Exclude<SameSite, 'auto'> | undefined
  /** See `CookieOptions.partitioned`. */
  declare partitioned?: boolean | undefined
  /** See `CookieOptions.priority`. */
  declare priority?: 'low' | 'medium' | 'high' | undefined
  /** Accepted for compatibility. */
  declare signed?: boolean | undefined
  /** Accepted for compatibility. */
  declare encode?: ((value: string) => string) | undefined

  /** @internal With `refreshCookie`: the attributes that the options gave. It is stored, but not sent. */
  declare configured?: ConfiguredCookie | undefined

  constructor(options?: AnyCookieOptions) {
    this.path = '/'
    this._expires = null
    this.originalMaxAge = null
    this.httpOnly = true

    if (options) copyOptions(this, options)
    if (this.originalMaxAge == null) this.originalMaxAge = this.maxAge as number | null
  }

  /** @internal The cookie as plain data: stored in the record and written to `Set-Cookie`. */
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

  /** @internal Returns the `Set-Cookie` header value for this name and value. */
  serialize(name: string, value: string): string {
    return serialize(name, value, this.data as Parameters<typeof serialize>[2])
  }

  /** @internal Returns the plain data that a stored record keeps. */
  toJSON(): CookieData {
    const { configured, data } = this
    if (configured) data.configured = configured
    return data
  }
}

// Accessors. The class declares them as optional properties, so that plain objects (a parsed record) are cookies too.
const accessors: PropertyDescriptorMap & ThisType<Cookie> = {
  expires: {
    configurable: true,
    get() {
      return this._expires
    },
    set(date: Date | null | undefined) {
      this._expires = date
      this.originalMaxAge = this.maxAge as number | null
    },
  },
  maxAge: {
    configurable: true,
    get() {
      const expires = this._expires
      return expires instanceof Date ? expires.getTime() - Date.now() : expires
    },
    set(ms: unknown) {
      if (typeof ms === 'number') {
        // Not by the `expires` setter, which reads the clock again and may find a shorter lifetime.
        this._expires = new Date(Date.now() + ms)
        this.originalMaxAge = ms
        return
      }
      if (ms && !(ms instanceof Date)) throw new TypeError('maxAge must be a number or Date')
      if (ms) deprecate('maxAge as Date; pass number of milliseconds instead')
      this.expires = ms as Date | null | undefined
    },
  },
}
Object.defineProperties(Cookie.prototype, accessors)

/** Copies the options, undefined values too: they override the defaults. */
function copyOptions(cookie: Cookie, options: unknown): void {
  if (typeof options !== 'object') throw new TypeError('argument options must be a object')
  const target = cookie as unknown as Record<string, unknown>
  const source = options as Record<string, unknown>
  for (const key in source) {
    if (!RESERVED.has(key)) target[key] = source[key]
  }
}
