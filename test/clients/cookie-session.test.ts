import { createHmac } from 'node:crypto'
import cookieSession from 'cookie-session'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { readOnly } from '../../src'
import { type Layer, serve } from '../support/app'
import { cookieSession as ours } from '../support/cookie-app'
import { cookieOf, setCookies } from '../support/cookies'

const KEYS = ['key2', 'key1']
const legacy = { name: 'session', keys: KEYS }

const routes: Layer = (req, res, next) => {
  if (req.url === '/login') req.session.user = 'ada'
  if (req.url === '/change') req.session.views = 1
  if (req.url === '/poll') readOnly(req)
  if (req.url === '/empty') for (const key of ['user', 'cart']) delete (req.session as never)[key]
  const done = (err?: unknown) => (err ? next(err) : res.end(req.session?.user ?? 'nobody'))
  if (req.url === '/logout') req.session.destroy(done)
  else if (req.url === '/regenerate') req.session.regenerate(done)
  else done()
}

/** The Cookie header of a client of cookie-session that has logged in. */
async function legacyCookies(keys = ['key1'], data: object = { user: 'ada', cart: [1] }, name = 'session') {
  const fill: Layer = (req, res) => {
    Object.assign(req.session, data)
    res.end()
  }
  const response = await serve(cookieSession({ name, keys }) as never, fill).get()
  const lines: string[] = [response.headers['set-cookie'] ?? []].flat() as string[]
  return lines.map((line) => line.split(';')[0]).join('; ')
}

const EXPIRED = [
  'session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly',
  'session.sig=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly',
]

describe('a session of cookie-session', () => {
  it('is continued once, in a cookie of ours, and its cookies are deleted', async () => {
    const { get } = serve(ours({}, { legacy }), routes)
    const first = await get('/', await legacyCookies())
    expect(first.text).toBe('ada')
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^connect\.sid=[\w-]{90,}; Path/),
      ...EXPIRED,
    ])
    const second = await get('/', cookieOf(first))
    expect([second.text, second.headers['set-cookie']]).toEqual(['ada', undefined])
  })

  it('has a cookie with the options of ours', async () => {
    const { get } = serve(
      ours({ name: 'id', cookie: { maxAge: 60_000, sameSite: 'lax' } }, { legacy }),
      routes,
    )
    const [line] = setCookies(await get('/', await legacyCookies()), 'id')
    expect(line).toMatch(/; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/)
  })

  it.each<[string, () => Promise<string> | string]>([
    ['with a wrong signature', () => legacyCookies(['another'])],
    ['without a signature', async () => (await legacyCookies()).split('; ')[0] as string],
    ['with changed data', async () => (await legacyCookies()).replace('session=e', 'session=f')],
    ['that is no JSON', () => signed('bm90IEpTT04')],
    ['that is an array', () => signed(Buffer.from('[1]').toString('base64'))],
    ['that is null', () => signed(Buffer.from('null').toString('base64'))],
  ])('%s is not continued, and no error', async (_what, make) => {
    const { get, errors } = serve(ours({}, { legacy }), routes)
    const response = await get('/', await make())
    expect([response.text, response.headers['set-cookie'], errors]).toEqual(['nobody', undefined, []])
  })

  it('is not continued without the option', async () => {
    expect((await serve(ours(), routes).get('/', await legacyCookies())).text).toBe('nobody')
  })

  it('takes the keys as Buffers and as a Keygrip', async () => {
    const verify = (data: string, signature: string) => signature === signatureOf(data)
    for (const keys of [[Buffer.from('key1')], { verify }]) {
      const { get } = serve(ours({}, { legacy: { keys } }), routes)
      expect((await get('/', await legacyCookies())).text).toBe('ada')
    }
  })

  it('gives way to a session of ours, and its cookies are deleted', async () => {
    const { get } = serve(ours({}, { legacy }), routes)
    const login = cookieOf(await get('/login'))
    const response = await get('/', `${await legacyCookies(['key1'], { user: 'old' })}; ${login}`)
    expect([response.text, response.headers['set-cookie']]).toEqual(['ada', EXPIRED])
  })

  it.each(['/logout', '/regenerate', '/empty'])(
    'is over after %s in the request that has continued it',
    async (path) => {
      const { get } = serve(ours({}, { legacy }), routes)
      expect((await get(path, await legacyCookies())).headers['set-cookie']).toEqual(EXPIRED)
    },
  )

  it('stays as it is in a read-only request, and where the new cookie cannot be sent', async () => {
    const { get } = serve(ours({}, { legacy }), routes)
    expect((await get('/poll', await legacyCookies())).headers['set-cookie']).toBeUndefined()
    const secure = serve(ours({ cookie: { secure: true } }, { legacy }), routes)
    expect((await secure.get('/', await legacyCookies())).headers['set-cookie']).toBeUndefined()
  })

  it('keeps no key that a session has for itself', async () => {
    const { get, errors } = serve(ours({}, { legacy }), (req, res) => res.end(JSON.stringify(req.session)))
    const data = { user: 'ada', cookie: { maxAge: 1 }, save: 1, id: 2 }
    const response = await get('/', await legacyCookies(['key1'], data))
    expect(JSON.parse(response.text)).toEqual({ user: 'ada', cookie: expect.objectContaining({ path: '/' }) })
    expect(errors).toEqual([])
  })

  it('may have a colon in its name, as version 1 had by default', async () => {
    const { get } = serve(ours({}, { legacy: { name: 'express:sess', keys: KEYS } }), routes)
    const response = await get('/', await legacyCookies(['key1'], { user: 'ada' }, 'express:sess'))
    expect(response.text).toBe('ada')
    const expired = EXPIRED.map((line) => line.replace('session', 'express:sess'))
    expect(response.headers['set-cookie']).toEqual([expect.any(String), ...expired])
  })

  it('is deleted with its path and domain', async () => {
    const options = { ...legacy, path: '/app', domain: 'example.com' }
    const { get } = serve(ours({}, { legacy: options }), routes)
    const [, first] = (await get('/', await legacyCookies())).headers['set-cookie'] as never as string[]
    expect(first).toBe(
      'session=; Domain=example.com; Path=/app; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly',
    )
  })
})

/** The programs of cookie-session's README, with it and with ours. */
describe.each<[string, Layer]>([
  ['cookie-session', cookieSession({ name: 'session', keys: ['key1', 'key2'] }) as never],
  ['ours', ours({ name: 'session', unset: 'destroy' })],
])("cookie-session's documented programs with %s", (library, session) => {
  /** A client that keeps its cookies. */
  const visitor = (...layers: Layer[]) => supertest.agent(serve(session, ...layers).server)

  it('count views', async () => {
    const agent = visitor((req, res) => {
      req.session.views = (req.session.views || 0) + 1
      res.end(`${req.session.views} views`)
    })
    expect([(await agent.get('/')).text, (await agent.get('/')).text]).toEqual(['1 views', '2 views'])
  })

  it('give certain sessions another maximum age', async () => {
    const sticky: Layer = (req, _res, next) => {
      const { maxAge } = req.session as never as { maxAge?: number }
      if (library === 'ours' && maxAge) req.session.cookie.maxAge = maxAge
      else if (maxAge)
        (req as never as { sessionOptions: { maxAge?: number } }).sessionOptions.maxAge = maxAge
      next()
    }
    const agent = visitor(sticky, (req, res) => {
      if (req.url === '/remember') Object.assign(req.session, { maxAge: 60_000 })
      req.session.views = (req.session.views || 0) + 1
      res.end()
    })
    await agent.get('/remember')
    const lines = [(await agent.get('/')).headers['set-cookie'] ?? ''].flat()
    const expires = /expires=([^;]+)/i.exec(String(lines[0]))?.[1] ?? ''
    const left = Date.parse(expires) - Date.now()
    expect([left > 30_000, left < 61_000]).toEqual([true, true])
  })

  it('destroy a session by setting it to null', async () => {
    const agent = visitor((req, res) => {
      if (req.url === '/login') req.session.user = 'ada'
      if (req.url === '/logout') req.session = null as never
      res.end(req.session?.user ?? 'nobody')
    })
    await agent.get('/login')
    expect((await agent.get('/')).text).toBe('ada')
    await agent.get('/logout')
    expect((await agent.get('/')).text).toBe('nobody')
  })

  it('set no cookie for a new session without data', async () => {
    const { headers } = await visitor((req, res) => res.end(String(Object.keys(req.session).length))).get('/')
    expect(headers['set-cookie']).toBeUndefined()
  })

  it('tell whether a session is new and has data', async () => {
    const agent = visitor((req, res) => {
      const theirs = req.session as never as { isNew: boolean; isPopulated: boolean }
      const isPopulated = library === 'ours' ? Object.keys(req.session).length > 1 : theirs.isPopulated
      const isNew = library === 'ours' ? req.session.user === undefined : theirs.isNew
      req.session.user = 'ada'
      res.end(JSON.stringify([isNew, isPopulated]))
    })
    expect([(await agent.get('/')).text, (await agent.get('/')).text]).toEqual([
      '[true,false]',
      '[false,true]',
    ])
  })
})

function signatureOf(data: string): string {
  return createHmac('sha1', 'key1').update(data).digest('base64url')
}

function signed(value: string): string {
  return `session=${value}; session.sig=${signatureOf(`session=${value}`)}`
}
