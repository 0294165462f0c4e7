import type { CipherKey } from 'node:crypto'
import express from 'express'
import session, { type CookieOptions, type SessionOptions, type Store } from 'sessionware'

const sessionOptions: SessionOptions = {
  secret: ['new', Buffer.from('old')],
  name: 'sid',
  genid: (req) => req.ip ?? 'an id',
  cookie: { maxAge: 60_000, httpOnly: true, priority: 'high', partitioned: true, encode: encodeURIComponent },
  store: new session.MemoryStore(),
  resave: false,
  saveUninitialized: false,
  rolling: undefined,
  proxy: undefined,
  unset: undefined,
}

if (process.env.NODE_ENV === 'production') {
  sessionOptions.proxy = true
  sessionOptions.cookie = { ...(sessionOptions.cookie as CookieOptions), secure: true }
  sessionOptions.cookie = (req: express.Request): CookieOptions => ({ secure: req.secure })
}

const secret: CipherKey | CipherKey[] = sessionOptions.secret
const store: Store | undefined = sessionOptions.store
const cookie: CookieOptions | ((req: express.Request) => CookieOptions) | undefined = sessionOptions.cookie
const maxAge: number | undefined = typeof cookie === 'object' ? cookie.maxAge : undefined
store?.on('disconnect', () => store.all?.(() => maxAge))

export const app = express().use(session(sessionOptions), session({ ...sessionOptions, secret }))
app.use(
  '/admin',
  session({ secret: 'a secret', cookie: (req) => ({ secure: req.secure, path: req.baseUrl }) }),
)
app.get('/', session(), (req, res) => void res.send(req.sessionID))

export function configure({ cookie: own, store: kept, ...rest }: SessionOptions): express.RequestHandler {
  kept?.load('an id', () => {})
  const attributes: CookieOptions = typeof own === 'object' ? own : {}
  const seconds = attributes.maxAge === undefined ? 0 : attributes.maxAge / 1000
  return session({
    ...rest,
    ...(kept ? { store: kept } : {}),
    cookie: { ...attributes, maxAge: seconds * 1000 },
  })
}

export interface Config extends SessionOptions {
  redisUrl: string
}
export interface LongCookie extends CookieOptions {
  maxAge: number
}
export const config: Config = { secret: 'a secret', redisUrl: 'redis://127.0.0.1', cookie: { maxAge: 1 } }
export type Given = NonNullable<Parameters<typeof session>[0]>
export const given = ({ store, cookie, secret }: Given): SessionOptions => ({
  secret,
  ...(store && { store }),
  ...(cookie && { cookie }),
})
export const names: (keyof SessionOptions)[] = [
  'secret',
  'genid',
  'name',
  'store',
  'cookie',
  'rolling',
  'resave',
]
