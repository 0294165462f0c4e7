import compression from 'compression'
import supertest from 'supertest'
import { afterEach, describe, expect, it, vi } from 'vitest'
import session, { type SessionOptions } from '../../src'
import { hosts, http2Host, type Layer, serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

const look: Layer = (req, _res, next) => {
  String(req.session.user)
  next()
}
const change: Layer = (req, _res, next) => {
  req.session.user = 'ann'
  next()
}
const end: Layer = (_req, res) => res.end('x')
const stream: Layer = (_req, res) => {
  res.write('x')
  setImmediate(() => res.end('y'))
}
const withHeaders =
  (headers: Record<string, string | string[]>): Layer =>
  (_req, res, next) => {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    next()
  }

const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
afterEach(() => {
  emit.mockClear()
})

describe.each(hosts)('cacheControl with $name', (host) => {
  it.each<[string, Layer[], object]>([
    ['does not look at the session', [], {}],
    ['looks at the session', [look], { vary: 'Cookie' }],
    ['changes the session', [change], { vary: 'Cookie', 'cache-control': 'private' }],
  ])('describes a response whose handler %s', async (_what, layers, headers) => {
    for (const last of [end, stream]) {
      const app = create([...layers, last], {}, host)
      expect(cacheHeaders(await app.get())).toEqual(headers)
    }
  })

  it('describes a response with a session that the handler only looks at', async () => {
    expect(cacheHeaders(await create([end], {}, host).get('/', COOKIE))).toEqual({})
    expect(cacheHeaders(await create([look, end], {}, host).get('/', COOKIE))).toEqual({ vary: 'Cookie' })
  })

  it.each([
    ['Cache-Control: public, max-age=60', 'private, max-age=60'],
    ['Cache-Control: no-store', 'no-store'],
  ])('changes %s of a response with the cookie to %s', async (header, value) => {
    const [name = '', given = ''] = header.split(': ')
    const set = create([change, withHeaders({ [name]: given }), end], {}, host)
    expect(cacheHeaders(await set.get())).toMatchObject({ 'cache-control': value })
    const written = create([change, (_req, res) => res.writeHead(200, { [name]: given }).end('x')], {}, host)
    expect(cacheHeaders(await written.get())).toMatchObject({ 'cache-control': value })
  })

  it.each([
    [
      'pairs',
      [
        ['Cache-Control', 'public, s-maxage=9'],
        ['Vary', 'Accept'],
      ],
    ],
    ['a flat list', ['Cache-Control', 'public, s-maxage=9', 'Vary', 'Accept']],
  ])('changes what writeHead gets as %s', async (_how, headers) => {
    if (host === http2Host) return
    const app = create([change, (_req, res) => res.writeHead(200, headers as never).end('x')], {}, host)
    expect(cacheHeaders(await app.get())).toEqual({ vary: 'Accept, Cookie', 'cache-control': 'private' })
  })

  it.each([204, 304])('describes a response with the status %i', async (status) => {
    const bare: Layer = (_req, res) => {
      res.statusCode = status
      res.end()
    }
    const headers = cacheHeaders(await create([change, bare], {}, host).get())
    expect(headers).toEqual({ vary: 'Cookie', 'cache-control': 'private' })
  })

  it('describes the response to HEAD, and keeps what the application adds to Vary later', async () => {
    const vary: Layer = (_req, res) => {
      res.setHeader('Vary', [res.getHeader('Vary') ?? [], 'Origin'].flat() as string[])
      res.end()
    }
    const { server } = create([change, vary], {}, host)
    const { headers } = await supertest(server as never, { http2: host === http2Host }).head('/')
    expect(cacheHeaders({ headers })).toEqual({ vary: 'Origin, Cookie', 'cache-control': 'private' })
  })

  it('keeps Cache-Control and adds Vary where no cookie is set', async () => {
    const app = create([look, withHeaders({ 'Cache-Control': 'public, max-age=60' }), end], {}, host)
    expect(cacheHeaders(await app.get())).toEqual({ vary: 'Cookie', 'cache-control': 'public, max-age=60' })
  })

  it.each<[string | string[], string]>([
    ['Accept', 'Accept, Cookie'],
    [['Accept', 'Origin'], 'Accept, Origin, Cookie'],
    ['cookie', 'cookie'],
    ['*', '*'],
  ])('keeps the Vary %j as %j', async (given, value) => {
    const app = create([look, withHeaders({ Vary: given }), end], {}, host)
    expect(cacheHeaders(await app.get())).toEqual({ vary: value })
  })
})

describe('cacheControl', () => {
  it.each<[string, Partial<SessionOptions>, Layer]>([
    ['rolling', { rolling: true }, end],
    ['clearCookie', { clearCookie: true }, (req, res) => void req.session.destroy(() => res.end())],
    ['refreshCookie', { refreshCookie: true, cookie: { sameSite: 'lax' } }, end],
  ])('makes the response private whose cookie is set by %s', async (_what, options, layer) => {
    const headers = cacheHeaders(await create([layer], options).get('/', COOKIE))
    expect(headers).toEqual({ vary: 'Cookie', 'cache-control': 'private' })
  })

  it('changes nothing when it is off', async () => {
    const public60 = { 'Cache-Control': 'public, max-age=60' }
    const app = create([change, withHeaders(public60), end], { cacheControl: false })
    expect(cacheHeaders(await app.get())).toEqual({ 'cache-control': 'public, max-age=60' })
  })

  it('does not count the save of a session with resave as looked at', async () => {
    const app = create([end], { resave: true })
    expect(cacheHeaders(await app.get('/', COOKIE))).toEqual({})
  })

  it('counts a session that was destroyed as looked at', async () => {
    const app = create([(req, res) => void req.session.destroy(() => res.end())])
    expect(cacheHeaders(await app.get('/', COOKIE))).toEqual({ vary: 'Cookie' })
  })

  it('describes the response of an error handler', async () => {
    const app = create([look, (_req, _res, next) => next(new Error('broken'))])
    expect(cacheHeaders(await app.get('/', COOKIE))).toEqual({ vary: 'Cookie' })
  })

  it.each([true, false])('works with compression before the session: %s', async (isBefore) => {
    const store = createStore()
    const compress = compression({ threshold: 0 }) as unknown as Layer
    const own = session({ ...SETTINGS, store, cacheControl: true }) as unknown as Layer
    const send: Layer = (_req, res) => {
      res.setHeader('Content-Type', 'text/plain')
      res.end('x'.repeat(2000))
    }
    const app = serve(...(isBefore ? [compress, own] : [own, compress]), look, send)
    const { vary } = cacheHeaders(await app.get())
    expect(vary?.split(', ').sort()).toEqual(['Accept-Encoding', 'Cookie'])
  })

  it('reports a public response with a code and the values', async () => {
    vi.resetModules()
    const { default: fresh } = await import('../../src/index.js')
    const middleware = fresh({
      ...SETTINGS,
      store: createStore(fresh),
      cacheControl: true,
      diagnostics: true,
    })
    const app = serve(middleware, change, withHeaders({ 'Cache-Control': 'public, s-maxage=9' }), end)
    await app.get()
    await app.get()
    const calls = emit.mock.calls as unknown as [message: string, { code: string }][]
    expect(calls.filter(([, { code }]) => code === 'SESSIONWARE_CACHE_CONTROL')).toEqual([
      [
        'cacheControl: a response that sets the session cookie had Cache-Control: public, s-maxage=9; public and s-maxage would let a cache give the cookie to other clients, so it is sent with: private',
        { code: 'SESSIONWARE_CACHE_CONTROL' },
      ],
    ])
  })
})

function cacheHeaders({ headers }: { headers: Record<string, string> }): { vary?: string } {
  const found = ['vary', 'cache-control'].filter((name) => name in headers)
  return Object.fromEntries(found.map((name) => [name, headers[name]]))
}

function create(layers: Layer[], options: Partial<SessionOptions> = {}, host?: (typeof hosts)[number]) {
  const store = createStore()
  store.put('a', record({ user: 'ann' }))
  const middleware = session({ ...SETTINGS, store, cacheControl: true, ...options })
  return (host?.serve ?? serve)(middleware, ...layers)
}
