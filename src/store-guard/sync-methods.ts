import type { CookieData } from '../cookie/cookie-data'

/** A session as a store of this very process keeps it: nobody need parse the data before somebody looks at it. */
export interface DirectRecord {
  /** Undefined where what was stored had none. */
  cookie: CookieData | undefined
  /** The JSON of the session without its cookie. */
  snapshot: string
}

/** What a store's methods do at once for the middleware, where they need not wait for anything. */
export interface Direct {
  get(sid: string): DirectRecord | undefined
  set(sid: string, session: { cookie: unknown }, snapshot: string): void
  touch(sid: string, session: { cookie: unknown }): void
}

const DIRECT = Symbol('direct form')

/** Gives a method of a store its direct form, to be called on the store. */
export function provideDirect<Name extends keyof Direct>(
  methods: { [name in Name]: object },
  name: Name,
  direct: Direct[Name],
): void {
  const method = methods[name]
  Object.defineProperty(method, DIRECT, { value: { method, direct } })
}

/**
 * The direct form of a store's method. What took the method's place (a spy, a proxy, a wrapper that changes what it is
 * given) has none, even if it took the method's properties over: it is called like any other store's.
 */
export function directOf<Name extends keyof Direct>(
  methods: { [name in Name]?: unknown },
  name: Name,
): Direct[Name] | undefined {
  const method = methods[name]
  const form = (method as { [DIRECT]?: { method: unknown; direct: Direct[Name] } } | undefined)?.[DIRECT]
  return form?.method === method ? form?.direct : undefined
}
