import { randomBytes } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { hashIds, recommended, sessionsOf } from '../../../src'
import { CookieStore } from '../../../src/stores/cookie'
import { type Layer, serve } from '../../support/app'
import { cookieSession, KEY, serveCookieApp } from '../../support/cookie-app'
import { cookieOf, readSetCookie, setCookies } from '../../support/cookies'
import { ours as session } from '../../support/implementations'

const logIn: Layer = (req, res) => {
  if (req.url === '/login') req.session.user = 'ada'
  if (req.url === '/logout') req.session.destroy(() => res.end())
  else res.end(req.session?.user ?? 'nobody')
}

const store = () => new CookieStore({ keys: [KEY] })

describe('session({ store: new CookieStore({ keys }) })', () => {
  it('needs no other option, and warns of none', async () => {
    const emitted = vi.spyOn(process, 'emitWarning')
    vi.stubEnv('NO_DEPRECATION', '')
    const { get } = serve(session({ store: store() }) as Layer, logIn)
    expect((await get('/', cookieOf(await get('/login')))).text).toBe('ada')
    expect(emitted.mock.calls).toEqual([])
    vi.unstubAllEnvs()
    emitted.mockRestore()
  })

  it('sends the cookie of each response with resave, and of new sessions with saveUninitialized', async () => {
    const resave = serveCookieApp({ resave: true }, logIn)
    expect(setCookies(await resave.get('/', cookieOf(await resave.get('/login'))))).toHaveLength(1)
    const { get } = serveCookieApp({ saveUninitialized: true }, logIn)
    const first = await get()
    expect(setCookies(await get('/', cookieOf(first)))).toEqual([])
  })

  it.each<[string, () => unknown, RegExp]>([
    [
      'saveMode: "merge"',
      () => session({ store: store(), saveMode: 'merge' } as never),
      /^saveMode "merge" does not go with a CookieStore: .*nothing to merge with/,
    ],
    [
      'hashIds',
      () => hashIds(store()),
      /^hashIds does not go with a CookieStore: .*no ids in a store to hash/,
    ],
    [
      'sessionsOf',
      () => sessionsOf(store() as never, () => 1),
      /^sessionsOf does not go with a CookieStore: .*neither listed nor ended/,
    ],
    ['the class instead of a store', () => session({ store: CookieStore } as never), /make one with `new`/],
    ['no options', () => new CookieStore(undefined as never), /^CookieStore needs options like/],
    [
      'a misspelt option',
      () => new CookieStore({ key: KEY } as never),
      /^CookieStore has no option "key": did you mean keys\?/,
    ],
    [
      'an option of cookie-session',
      () => new CookieStore({ keys: [KEY], maxAge: 1000 } as never),
      /^CookieStore has no option "maxAge": it is an attribute in the cookie option of session\(\)/,
    ],
    ['no keys', () => new CookieStore({} as never), /^keys option of CookieStore has nothing/],
    [
      'a ttl of 0',
      () => new CookieStore({ keys: [KEY], ttl: 0 }),
      /^ttl option of CookieStore must be a positive number of milliseconds, not 0/,
    ],
    ['a ttl of text', () => new CookieStore({ keys: [KEY], ttl: '1d' as never }), /not "1d"/],
    ['an endless ttl', () => new CookieStore({ keys: [KEY], ttl: Infinity }), /not Infinity/],
    [
      'legacy without keys',
      () => new CookieStore({ keys: [KEY], legacy: {} as never }),
      /^legacy option of CookieStore needs the keys/,
    ],
    [
      'legacy with a secret',
      () => new CookieStore({ keys: [KEY], legacy: { secret: 'k' } as never }),
      /^legacy option of CookieStore has no option "secret": use keys: \[secret\]/,
    ],
    ['legacy with an empty key', () => new CookieStore({ keys: [KEY], legacy: { keys: [''] } }), /not empty/],
    [
      'a wrong name',
      () => new CookieStore({ keys: [KEY], legacy: { name: 'a b', keys: ['k'] } }),
      /must be the name of a cookie, not "a b"$/,
    ],
    [
      'legacy of text',
      () => new CookieStore({ keys: [KEY], legacy: 'session' as never }),
      /object like \{ name, keys \}, not "session"$/,
    ],
    ...['session', 'session.sig'].map((name): [string, () => unknown, RegExp] => [
      `the cookie ${name} of legacy as its own`,
      () => session({ name, store: new CookieStore({ keys: [KEY], legacy: { keys: ['k'] } }) }),
      /^legacy option of CookieStore has the cookie session.*: use another name option there/,
    ]),
    [
      'a wrong option of session()',
      () => session({ store: store(), storeTimeout: -1 }),
      /^storeTimeout option/,
    ],
  ])('throws a TypeError that says why for %s', (_what, make, message) => {
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })

  it('goes with the recommended settings, without merging', async () => {
    const options = recommended({ store: store() })
    expect(options.saveMode).toBe('overwrite')
    const { get } = serve(session(options) as Layer, logIn)
    const login = await get('/login')
    expect(readSetCookie(login)?.attributes).toEqual({ Path: '/', HttpOnly: true, SameSite: 'Lax' })
    expect(login.headers).toMatchObject({ 'cache-control': 'private', vary: 'Cookie' })
    const page = await get('/', cookieOf(login))
    expect([page.text, setCookies(page)]).toEqual(['ada', []])
    expect(setCookies(await get('/logout', cookieOf(login)))[0]).toMatch(
      /^connect\.sid=; Path=\/; Expires=Thu, 01 Jan 1970/,
    )
  })

  it('uses the name and every attribute of the cookie', async () => {
    const cookie = {
      domain: 'example.com',
      path: '/login',
      httpOnly: false,
      secure: true,
      sameSite: 'none',
      partitioned: true,
      priority: 'high',
      maxAge: 1000,
    } as const
    const { get } = serveCookieApp({ name: '__Host-id', proxy: true, cookie }, logIn)
    const response = await get('/login').set('X-Forwarded-Proto', 'https')
    expect(readSetCookie(response, '__Host-id')?.attributes).toEqual({
      Domain: 'example.com',
      Path: '/login',
      Expires: expect.any(String),
      Secure: true,
      SameSite: 'None',
      Partitioned: true,
      Priority: 'High',
    })
    expect(setCookies(await get('/login'), '__Host-id')).toEqual([])
    expect((await get('/loginx')).text).toBe('nobody')
  })

  it('takes a function for the cookie', async () => {
    const { get } = serveCookieApp(
      { cookie: (req) => ({ maxAge: req.url === '/login' ? 60_000 : 1, secure: 'auto' }) },
      logIn,
    )
    const login = await get('/login')
    expect(readSetCookie(login)?.attributes).toEqual({
      Path: '/',
      HttpOnly: true,
      Expires: expect.any(String),
    })
    expect((await get('/', cookieOf(login))).text).toBe('ada')
  })

  it('gives cookies new attributes with refreshCookie, and deletes one that has moved', async () => {
    const old = cookieOf(await serveCookieApp({ refreshCookie: true }, logIn).get('/login'))
    const { get } = serveCookieApp(
      { refreshCookie: true, cookie: { sameSite: 'strict', domain: 'example.com' } },
      logIn,
    )
    const response = await get('/', old)
    expect(setCookies(response)).toEqual([
      expect.stringMatching(/^connect\.sid=; Path=\/; Expires=Thu, 01 Jan 1970/),
      expect.stringMatching(
        /^connect\.sid=.{100,}; Domain=example\.com; Path=\/; HttpOnly; SameSite=Strict$/,
      ),
    ])
    const [, line = ''] = setCookies(response)
    const next = await get('/', line.split(';')[0])
    expect([next.text, setCookies(next)]).toEqual(['ada', []])
  })

  it('works twice in an application, with two names', async () => {
    const shared = store()
    const mount = (name: string): Layer => session({ store: shared, name }) as Layer
    const [a, b] = [mount('a'), mount('b')]
    const { get } = serve(
      (req, res, next) => (req.url?.startsWith('/a') ? a : b)(req, res, next),
      (req, res) => {
        req.session.views = (req.session.views ?? 0) + 1
        res.end(String(req.session.views))
      },
    )
    const [first, second] = [await get('/a'), await get('/b')]
    const cookies = `${cookieOf(first, 'a')}; ${cookieOf(second, 'b')}`
    const again = await get('/a', cookies)
    expect([again.text, setCookies(again, 'b')]).toEqual(['2', []])
    expect((await get('/b', `${cookieOf(again, 'a')}; ${cookieOf(second, 'b')}`)).text).toBe('2')
  })

  it('deletes no cookie that the application has set again, and none that it does not know', async () => {
    const { get } = serveCookieApp({}, (req, res) => {
      if (req.url === '/login') req.session.user = 'ada'
      if (req.url === '/replace') res.setHeader('Set-Cookie', 'connect.sid=mine')
      if (req.url === '/login') res.end()
      else req.session.destroy(() => res.end())
    })
    const login = cookieOf(await get('/login'))
    expect(setCookies(await get('/replace', login))).toEqual(['connect.sid=mine'])
    expect(setCookies(await get('/', `connect.sid=${randomBytes(90).toString('base64url')}`))).toEqual([])
  })

  it('keeps the other cookies of a response', async () => {
    const { get } = serveCookieApp({}, (req, res) => {
      req.session.user = 'ada'
      res.setHeader('Set-Cookie', ['a=1', 'b=2'])
      res.end()
    })
    expect((await get()).headers['set-cookie']).toEqual([
      'a=1',
      'b=2',
      expect.stringMatching(/^connect\.sid=/),
    ])
  })

  it('reads the cookie that cookie-parser has parsed if the header is gone', async () => {
    const login = cookieOf(await serveCookieApp({}, logIn).get('/login'))
    const parsed: Layer = (req, _res, next) => {
      delete req.headers.cookie
      Object.assign(req, { cookies: { 'connect.sid': login.slice(12) } })
      next()
    }
    expect((await serve(parsed, cookieSession(), logIn).get('/', 'x=y')).text).toBe('ada')
  })

  it('does not show its keys where it is logged', async () => {
    const { inspect } = await import('node:util')
    const text = inspect(store(), { depth: 9, showHidden: true }) + JSON.stringify(store())
    expect(text).not.toContain(KEY.toString('hex').slice(0, 8))
    expect(text).not.toContain(KEY.toString('hex').slice(0, 16).replace(/../g, '$& ').trim())
  })
})

describe('a CookieStore outside of a request', () => {
  it('has no sessions, and says so', async () => {
    const get = await new Promise((resolve) => store().get('a', (...args) => resolve(args)))
    expect(get).toEqual([null, undefined])
    for (const method of ['set', 'touch'] as const) {
      expect(() => store()[method]('a', { cookie: {} } as never)).toThrow(
        /^a CookieStore has no sessions: they are in/,
      )
    }
    expect(() => store().destroy('a')).toThrow(TypeError)
  })
})
