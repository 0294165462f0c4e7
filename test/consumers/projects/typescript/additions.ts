import type { Request } from 'express'
import session, {
  type CookieOptions,
  lifetimeOf,
  readOnly,
  recommended,
  type SessionLifetime,
  type SessionOptions,
  type StoreLike,
} from 'sessionware'

/** Values that the types of express-session do not have. */
const plainStore: StoreLike = {
  async get(_sid: string) {
    return { cookie: { originalMaxAge: null } }
  },
  async set() {},
  async destroy() {},
}
session({ secret: 'a secret', store: plainStore, cookie: { maxAge: null, sameSite: 'auto', secure: 'auto' } })
session({ secret: 'a secret', cookie: () => ({ maxAge: null, partitioned: true, priority: 'low' }) })
session({ secret: 'a secret', genid: async (req) => `${req.path} id` })

export const cookie: CookieOptions = { sameSite: 'auto', partitioned: true }
export const options: SessionOptions = { secret: 'a secret', key: 'sid', genid: async () => 'an id', cookie }
export const made = new session.Cookie({ maxAge: null, sameSite: 'lax' })
export const memory = new session.MemoryStore({ max: 1000, checkPeriod: 0, ttl: 60_000 })

session(
  session.recommended({
    secret: 'a secret',
    idleTimeout: 1_800_000,
    touchAfter: 0,
    cookie: { path: '/app' },
  }),
)
session(recommended({ secret: 'a secret', absoluteTimeout: false, cookie: (req) => ({ path: req.path }) }))

export function lifetimes(req: Request): number | undefined {
  readOnly(req)
  const { created, idleEnds, absoluteEnds }: SessionLifetime = lifetimeOf(req)
  return created?.getTime() ?? idleEnds?.getTime() ?? absoluteEnds?.getTime()
}

export async function promises(req: Request): Promise<void> {
  await req.session.regenerate()
  await req.session.save()
  const all = Promise.all([req.session.reload(), req.session.destroy()])
  const saved: Promise<void> = req.session.save()
  saved.catch((error) => error).finally(() => all.then((answers) => answers.length))
  return req.session.destroy()
}

export async function renew(req: Request): Promise<void> {
  await req.session.regenerate({ keep: true })
  await req.session.regenerate({})
  const keep = ['cart'] as const
  const same: typeof req.session = req.session.regenerate({ keep }, (error) => error?.code)
  same.regenerate({ keep: false }, () => {})
  // @ts-expect-error not an array
  await req.session.regenerate({ keep: 'cart' })
}

export function forget(req: Request): void {
  req.session.cookie.maxAge = null
  req.session.cookie.maxAge = req.session.cookie.originalMaxAge
  const left: number | undefined = req.session.cookie.maxAge
  req.sessionStore.load(req.sessionID, (_err, found) => found?.save?.(() => left))
  // @ts-expect-error not a lifetime
  req.session.cookie.maxAge = '1h'
  // @ts-expect-error it gives a promise of nothing
  const text: Promise<string> = req.session.save()
  text.then(String)
}

session({ secret: 'a secret', clearCookie: true, refreshCookie: true, cacheControl: true })
// @ts-expect-error neither true nor false
session({ secret: 'a secret', clearCookie: 'yes' })
// @ts-expect-error no secret
session({ resave: false })
// @ts-expect-error a timeout is a number of milliseconds
session({ secret: 'a secret', idleTimeout: '30m' })
// @ts-expect-error a store needs `set` and `destroy`
session({ secret: 'a secret', store: { get: plainStore.get } })
// @ts-expect-error not a store
session({ secret: 'a secret', store: new Map() })

export async function count(req: Request): Promise<number> {
  const lifetime: number = await session.updateSession(req, (draft) => {
    draft.cookie.maxAge = 60_000
    return 60_000
  })
  // @ts-expect-error a draft has no methods
  await session.updateSession(req, (draft) => draft.save())
  return session.updateSession(req, async () => lifetime)
}

export const merging: SessionOptions = { secret: 'a secret', resave: false, saveMode: 'merge' }
