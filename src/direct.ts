import type { CookieData } from './cookie'

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

const DIRECT = Symbol('direct')

/**
 * Gives a method of a store its direct form. It sits on the function, so a method that takes its place (a spy, a
 * wrapper that changes what it is given) has none and is called like any other store's.
 */
export function provideDirect<Name extends keyof Direct>(
  methods: { [name in Name]: object },
  name: Name,
  direct: Direct[Name],
): void {
  Object.defineProperty(methods[name], DIRECT, { value: direct })
}

/** The direct form of a store's method, to be called on the store. */
export function directOf<Name extends keyof Direct>(
  methods: { [name in Name]?: unknown },
  name: Name,
): Direct[Name] | undefined {
  return (methods[name] as { [DIRECT]?: Direct[Name] } | undefined)?.[DIRECT]
}
