import { describe, expect, it } from 'vitest'
import { MemoryStore, type SessionOptions } from '../../src'
import { hosts, type Layer } from '../support/app'
import { cookieOf, setCookies } from '../support/cookies'
import { eventually } from '../support/eventually'
import { createStore } from '../support/store'
import { change, toldApp } from './told'

type Headers = Record<string, string>
type Case = [
  what: string,
  options: Partial<SessionOptions>,
  headers: Headers,
  message: string,
  before?: Layer,
]

const CHROME = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
}
/** A script of another site that fetches with credentials. */
const FETCH = {
  ...CHROME,
  Origin: 'https://shop.example',
  'Sec-Fetch-Site': 'cross-site',
  'Sec-Fetch-Mode': 'cors',
  'Sec-Fetch-Dest': 'empty',
}
const FRAME = {
  ...CHROME,
  'Sec-Fetch-Site': 'cross-site',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'iframe',
}
const TLS = { 'X-Forwarded-Proto': 'https' }
const SECURE: Partial<SessionOptions> = { cookie: { secure: true } }
const NONE: Partial<SessionOptions> = { proxy: true, cookie: { sameSite: 'none', secure: true } }

const cors: Layer = (req, res, next) => {
  res.setHeader('Access-Control-Allow-Origin', req.headers.origin ?? '')
  res.setHeader('Access-Control-Allow-Credentials', 'true')
  next()
}

describe.each<Case>([
  [
    'SESSIONWARE_COOKIE_NOT_SENT',
    SECURE,
    {},
    "the session cookie was not sent, because cookie.secure is true and the request came over plain HTTP as far as this process knows (no X-Forwarded-Proto, proxy option: undefined, trust proxy: false): use HTTPS, or secure: 'auto' where plain HTTP is meant; behind a proxy that ends TLS, let it set X-Forwarded-Proto and call app.set('trust proxy', 1)",
  ],
  [
    'SESSIONWARE_COOKIE_NOT_SENT',
    SECURE,
    TLS,
    "the session cookie was not sent, because cookie.secure is true and the request came over plain HTTP as far as this process knows (X-Forwarded-Proto: https, proxy option: undefined, trust proxy: false): call app.set('trust proxy', 1), or set proxy: true, if a proxy of yours sets this header",
  ],
  [
    'SESSIONWARE_COOKIE_NOT_SENT',
    { ...SECURE, proxy: false },
    TLS,
    'the session cookie was not sent, because cookie.secure is true and the request came over plain HTTP as far as this process knows (X-Forwarded-Proto: https, proxy option: false, trust proxy: false): remove proxy: false, and trust the proxy that ends TLS',
  ],
  [
    'SESSIONWARE_COOKIE_NOT_SENT',
    { ...SECURE, proxy: true },
    { 'X-Forwarded-Proto': 'http' },
    'the session cookie was not sent, because cookie.secure is true and the request came over plain HTTP as far as this process knows (X-Forwarded-Proto: http, proxy option: true, trust proxy: false): the proxy was asked over plain HTTP: redirect to HTTPS there',
  ],
  [
    'SESSIONWARE_COOKIE_NOT_SENT',
    SECURE,
    { Host: 'app.example', 'Sec-Fetch-Site': 'none' },
    "the session cookie was not sent, because cookie.secure is true and the request came over plain HTTP as far as this process knows (no X-Forwarded-Proto, Sec-Fetch-Site: none, which browsers send over HTTPS only, proxy option: undefined, trust proxy: false): let the proxy that ends TLS set X-Forwarded-Proto, and call app.set('trust proxy', 1)",
  ],
  [
    'SESSIONWARE_COOKIE_NOT_SECURE',
    { cookie: { sameSite: 'none' } },
    {},
    'browsers refuse the session cookie, because it has SameSite=None without Secure: set cookie.secure to true and use HTTPS (browsers accept Secure on http://localhost, too)',
  ],
  [
    'SESSIONWARE_COOKIE_NOT_SECURE',
    { cookie: { partitioned: true, secure: 'auto' } },
    {},
    'browsers refuse the session cookie, because it has Partitioned without Secure: set cookie.secure to true and use HTTPS (browsers accept Secure on http://localhost, too)',
  ],
  [
    'SESSIONWARE_COOKIE_PREFIX',
    { name: '__Host-id', proxy: true, cookie: { secure: true, path: '/', domain: 'shop.example' } },
    { ...TLS, Host: 'shop.example' },
    'browsers refuse the session cookie, because its name begins with __Host- and it lacks no domain: set that in the cookie option, or use another name',
  ],
  [
    'SESSIONWARE_COOKIE_PREFIX',
    { name: '__Host-Http-id', cookie: { httpOnly: false } },
    {},
    'browsers refuse the session cookie, because its name begins with __Host-Http- and it lacks secure: true, httpOnly: true: set that in the cookie option, or use another name',
  ],
  [
    'SESSIONWARE_COOKIE_TOO_LARGE',
    { genid: () => 'x'.repeat(4096) },
    {},
    'the name and the value of the session cookie have 4157 bytes, and browsers refuse more than 4096: let genid give shorter ids',
  ],
  [
    'SESSIONWARE_COOKIE_DOMAIN',
    { cookie: { domain: 'example.com' } },
    { Host: 'localhost:3000' },
    'browsers refuse the session cookie, because cookie.domain is "example.com" and the request was for "localhost": remove cookie.domain, or set it to this host or its parent',
  ],
  [
    'SESSIONWARE_COOKIE_CORS',
    {},
    { ...FETCH, 'Sec-Fetch-Site': 'same-site', Origin: 'http://localhost:5173' },
    "a script of another origin has made the request (Sec-Fetch-Site: same-site, Sec-Fetch-Mode: cors, Sec-Fetch-Dest: empty, Origin: http://localhost:5173), and the response has no Access-Control-Allow-Origin with the page's origin, so the browser neither keeps the session cookie nor shows the answer to a request with credentials: use cors({ origin: 'http://localhost:5173', credentials: true }) and fetch(url, { credentials: 'include' })",
  ],
  [
    'SESSIONWARE_COOKIE_CROSS_SITE',
    { cookie: { sameSite: 'lax' } },
    FETCH,
    "the browser does not keep the session cookie, because another site's page has made the request (Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: cors, Sec-Fetch-Dest: empty, Origin: https://shop.example) and the cookie has SameSite=lax: serve both from one site, or set cookie: { sameSite: 'none', secure: true, partitioned: true }",
    cors,
  ],
  [
    'SESSIONWARE_COOKIE_CROSS_SITE',
    {},
    FRAME,
    "the browser does not keep the session cookie, because another site's page has made the request (Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate, Sec-Fetch-Dest: iframe) and the cookie has no SameSite, which the browser takes for Lax: serve both from one site, or set cookie: { sameSite: 'none', secure: true, partitioned: true }",
  ],
  [
    'SESSIONWARE_COOKIE_BLOCKED',
    NONE,
    { ...FRAME, ...TLS, 'Sec-Fetch-Storage-Access': 'none' },
    'the browser blocks the session cookie as a third-party cookie (Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate, Sec-Fetch-Dest: iframe, Sec-Fetch-Storage-Access: none): set cookie.partitioned to true (CHIPS), or call document.requestStorageAccess() in the page after a click',
  ],
  [
    'SESSIONWARE_COOKIE_EXPIRES',
    { cookie: { expires: new Date('2020-01-01') } },
    {},
    'cookie.expires is the fixed date 2020-01-01T00:00:00.000Z, which is over, so browsers delete the cookie at once: use cookie.maxAge, a lifetime in milliseconds',
  ],
])('%s', (code, options, headers, message, before) => {
  it.each(hosts)(`is told over $name: ${message.slice(0, 200)}`, async (host) => {
    const app = toldApp(options, [...(before ? [before] : []), change], host)
    await app.get().set(headers)
    await app.get().set(headers)
    const expected = host.name.startsWith('Express') ? message : message.replace(/, trust proxy: false/, '')
    const own = app.wrong().filter((each) => each.code === code)
    const withoutExpress = expected.replace(
      "call app.set('trust proxy', 1), or set proxy: true, if",
      'set proxy: true, if',
    )
    expect(own.map((each) => each.message)).toEqual([
      host.name.startsWith('Express') ? expected : withoutExpress,
    ])
    expect(app.wrong()).toHaveLength(1)
    expect(app.errors).toEqual([])
  })
})

describe('a correct program', () => {
  it.each<[what: string, options: Partial<SessionOptions>, headers: Headers, before?: Layer]>([
    ['over plain HTTP', {}, {}],
    ["with secure: 'auto' over plain HTTP", { cookie: { secure: 'auto' } }, {}],
    ['behind a trusted proxy', { proxy: true, cookie: { secure: true } }, TLS],
    [
      'with __Host-Http- behind a trusted proxy',
      { name: '__Host-Http-id', proxy: true, cookie: { secure: true, sameSite: 'lax' } },
      TLS,
    ],
    [
      'with __Secure- and a domain',
      { name: '__Secure-id', proxy: true, cookie: { secure: true, domain: 'a.example' } },
      { ...TLS, Host: 'b.a.example:8080' },
    ],
    [
      'with a domain that a proxy has been asked for',
      { cookie: { domain: 'a.example' } },
      { Host: 'app:3000', 'X-Forwarded-Host': 'a.example' },
    ],
    [
      'that a link of another site leads to',
      { cookie: { sameSite: 'lax' } },
      { ...FRAME, 'Sec-Fetch-Dest': 'document' },
    ],
    [
      'that Firefox asks without SameSite',
      {},
      { ...FRAME, 'User-Agent': 'Mozilla/5.0 Gecko/20100101 Firefox/140.0' },
    ],
    ['with cors() for a script of the same site', {}, { ...FETCH, 'Sec-Fetch-Site': 'same-site' }, cors],
    [
      'with cors() and SameSite=None for another site',
      NONE,
      { ...FETCH, ...TLS, 'Sec-Fetch-Storage-Access': 'active' },
      cors,
    ],
    [
      'with a partitioned cookie where third-party cookies are blocked',
      { proxy: true, cookie: { sameSite: 'none', secure: true, partitioned: true } },
      { ...FRAME, ...TLS, 'Sec-Fetch-Storage-Access': 'none' },
    ],
    ['with an expiry in the future', { cookie: { expires: new Date(Date.now() + 60_000) } }, {}],
    ['that deletes its cookie', { cookie: { maxAge: 0 } }, {}],
  ])('is told nothing: %s', async (_what, options, headers, before) => {
    const app = toldApp(options, [...(before ? [before] : []), change])
    const first = await app.get().set(headers)
    expect(setCookies(first, options.name)).toHaveLength(1)
    await app.get('/', first.headers['set-cookie']?.[0]?.split(';')[0]).set(headers)
    expect(app.wrong()).toEqual([])
  })
})

describe('SESSIONWARE_COOKIE_NOT_RETURNED', () => {
  it('is told, as advice, when a client has got three cookies and sends none back', async () => {
    const app = toldApp({}, [change])
    for (let i = 0; i < 2; i++) await app.get()
    expect(app.advice().map(({ code }) => code)).not.toContain('SESSIONWARE_COOKIE_NOT_RETURNED')
    await app.get()
    expect(app.advice().at(-1)).toEqual({
      code: 'SESSIONWARE_COOKIE_NOT_RETURNED',
      message:
        "one client has got 3 new session cookies within a minute and has sent none of them back: look at its cookies in the browser's developer tools; a script needs credentials: 'include', curl needs -b and -c",
      detail: { count: 3 },
    })
  })

  it('is not told of a client that sends them back, and logs out and in', async () => {
    const app = toldApp({}, [change])
    for (let i = 0; i < 5; i++) await app.get('/', cookieOf(await app.get()))
    expect(app.advice().map(({ code }) => code)).not.toContain('SESSIONWARE_COOKIE_NOT_RETURNED')
  })
})

describe('SESSIONWARE_CACHE_CONTROL', () => {
  const send =
    (value: string): Layer =>
    (req, res, next) => {
      res.setHeader('Cache-Control', value)
      change(req, res, next)
    }

  it.each(hosts)('is told of a response that caches may give to other clients, over $name', async (host) => {
    const app = toldApp({ cacheControl: true }, [send('public, s-maxage=9')], host)
    await app.get()
    expect(app.wrong()).toEqual([
      {
        code: 'SESSIONWARE_CACHE_CONTROL',
        message:
          'cacheControl: a response that sets the session cookie had Cache-Control: public, s-maxage=9; public and s-maxage would let a cache give the cookie to other clients, so it is sent with: private',
        detail: { given: 'public, s-maxage=9', sent: 'private' },
      },
    ])
  })

  it('is not told of a private response, nor of a public one without the cookie', async () => {
    const app = toldApp({ cacheControl: true }, [
      (req, res, next) => {
        if (req.url !== '/public') return send('private, max-age=5')(req, res, next)
        res.setHeader('Cache-Control', 'public, max-age=5')
        return res.end()
      },
    ])
    await app.get('/public', cookieOf(await app.get()))
    expect(app.wrong()).toEqual([])
  })
})

describe('SESSIONWARE_COOKIE_NOT_CLEARED', () => {
  const logOut =
    (isStreamed: boolean): Layer =>
    async (req, res, next) => {
      if (!req.headers.cookie) return change(req, res, next)
      if (isStreamed) res.write('by')
      await req.session.destroy()
      return res.end('e')
    }

  it.each(hosts)('is told of a logout after the headers were sent, over $name', async (host) => {
    const app = toldApp({ clearCookie: true }, [logOut(true)], host)
    await app.get('/', cookieOf(await app.get()))
    expect(app.wrong()).toEqual([
      {
        code: 'SESSIONWARE_COOKIE_NOT_CLEARED',
        message:
          'clearCookie: a session was destroyed after the headers of its response were sent, so the browser keeps its cookie: call destroy() before the first write',
        detail: {},
      },
    ])
  })

  it.each(hosts)('is told of a logout after the response has ended, over $name', async (host) => {
    const app = toldApp(
      { clearCookie: true, store: new MemoryStore() },
      [
        (req, res, next) => {
          if (!req.headers.cookie) return change(req, res, next)
          res.end('bye')
          return void req.session.destroy(() => {})
        },
      ],
      host,
    )
    const res = await app.get('/', cookieOf(await app.get()))
    expect(setCookies(res)).toEqual([])
    await eventually(() => expect(app.wrong()).toMatchObject([{ code: 'SESSIONWARE_COOKIE_NOT_CLEARED' }]))
  })

  it.each([
    ['an async store', createStore()],
    ['a MemoryStore', new MemoryStore()],
  ])('is not told of a session that is assigned after destroy(), with %s', async (_what, store) => {
    const app = toldApp({ clearCookie: true, store: store as never }, [
      async (req, res, next) => {
        if (!req.headers.cookie) return change(req, res, next)
        await req.session.destroy()
        Object.assign(req, { session: { views: 1 } })
        return res.end('e')
      },
    ])
    const res = await app.get('/', cookieOf(await app.get()))
    expect(setCookies(res)).toHaveLength(1)
    expect(app.wrong()).toEqual([])
  })

  it('is not told of a logout before them', async () => {
    const app = toldApp({ clearCookie: true }, [logOut(false)])
    const res = await app.get('/', cookieOf(await app.get()))
    expect(setCookies(res)).toEqual([expect.stringContaining('Expires=Thu, 01 Jan 1970')])
    expect(app.wrong()).toEqual([])
  })
})
