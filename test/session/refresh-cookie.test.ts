import { describe, expect, it } from 'vitest'
import session, { type CookieOptions, type SessionOptions } from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { cookieOf, readSetCookie, setCookies, sidOf, signedCookie } from '../support/cookies'
import { ours, type SessionModule, upstream } from '../support/implementations'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const HOUR = 3_600_000
const EPOCH = 'Thu, 01 Jan 1970 00:00:00 GMT'
const NEW = { Path: '/', HttpOnly: true, SameSite: 'Lax' }

type Host = (typeof hosts)[number]

const read: Layer = (req, res) => res.end(String(req.session.user))
const ignore: Layer = (_req, res) => res.end('x')
const stream: Layer = (_req, res) => {
  res.write('x')
  setImmediate(() => res.end('y'))
}

describe.each(hosts)('refreshCookie with $name', (host) => {
  it.each([
    ['is read', read],
    ['is not read', ignore],
    ['is not read, in a stream', stream],
  ] as const)(
    'sends a cookie with the attributes of today once, for a session that %s',
    async (_what, layer) => {
      const { app, store } = create(layer, { cookie: { sameSite: 'lax' } }, host)
      const cookie = signedCookie('a')
      const res = await app.get('/', cookie)
      expect(readSetCookie(res)).toMatchObject({ pair: cookie, sid: 'a', attributes: NEW })
      expect(store.record('a')).toMatchObject({ user: 'ann', cookie: { sameSite: 'lax' } })
      expect(store.methods()).toEqual(['get', 'set'])
      expect(setCookies(await app.get('/', cookie))).toEqual([])
      expect(store.methods()).toEqual(['get', 'set', 'get', 'touch'])
    },
  )

  it('signs the cookie with the first secret, once, and does not write the record', async () => {
    const { app, store } = create(read, { secret: ['new', 'old'] }, host)
    const res = await app.get('/', signedCookie('a', 'old'))
    expect(cookieOf(res)).toBe(signedCookie('a', 'new'))
    expect(setCookies(await app.get('/', cookieOf(res)))).toEqual([])
    expect(store.methods()).toEqual(['get', 'touch', 'get', 'touch'])
  })

  it('keeps the lifetime that the application gave the session', async () => {
    const remember: Layer = (req, res) => {
      req.session.user = 'ann'
      req.session.cookie.maxAge = 30 * 24 * HOUR
      res.end()
    }
    const before = create(remember, { cookie: { maxAge: HOUR } }, host)
    const cookie = cookieOf(await before.app.get())
    const after = create(read, { cookie: { maxAge: 2 * HOUR, sameSite: 'lax' } }, host, before.store)
    const res = await after.app.get('/', cookie)
    expect(readSetCookie(res)?.attributes.SameSite).toBe('Lax')
    const left = Date.parse(String(readSetCookie(res)?.attributes.Expires)) - Date.now()
    expect(left).toBeGreaterThan(29 * 24 * HOUR)
    expect(after.store.record(sidOf(res)).cookie.originalMaxAge).toBe(30 * 24 * HOUR)
  })
})

describe('refreshCookie', () => {
  it("does not take 'secure: auto' from a cookie that HTTPS has made secure", async () => {
    const change: Layer = (req, res) => {
      req.session.user = 'ann'
      res.end()
    }
    const store = createStore()
    const options = { refreshCookie: true, proxy: true, cookie: { secure: 'auto' } } as const
    const app = serve(session({ ...SETTINGS, store, ...options }), change)
    const login = await app.get().set('X-Forwarded-Proto', 'https')
    expect(readSetCookie(login)?.attributes).toMatchObject({ Secure: true })
    expect(setCookies(await app.get('/', cookieOf(login)))).toEqual([])
    expect(store.record(sidOf(login)).cookie.secure).toBe(true)
  })

  it('gives a session a new lifetime of the options', async () => {
    const before = create(change, { cookie: { maxAge: 48 * HOUR } })
    const cookie = cookieOf(await before.app.get())
    const { app, store } = create(read, { cookie: { maxAge: HOUR } }, undefined, before.store)
    const res = await app.get('/', cookie)
    const left = Date.parse(String(readSetCookie(res)?.attributes.Expires)) - Date.now()
    expect(left).toBeLessThanOrEqual(HOUR)
    expect(store.record(sidOf(res)).cookie.originalMaxAge).toBe(HOUR)
    expect(setCookies(await app.get('/', cookie))).toEqual([])
  })

  it('keeps the lifetime of a record from before the option was set', async () => {
    const { app, store } = create(read, { cookie: { maxAge: HOUR, sameSite: 'lax' } })
    store.put('a', recordFor(48 * HOUR, { user: 'ann' }))
    await app.get('/', signedCookie('a'))
    expect(store.record('a').cookie).toMatchObject({ originalMaxAge: 48 * HOUR, sameSite: 'lax' })
  })

  it.each<[string, Partial<SessionOptions>, string]>([
    ['it is off', { refreshCookie: false, cookie: { sameSite: 'lax' } }, 'a'],
    ['nothing differs', {}, 'a'],
    ['the id is unknown', { cookie: { sameSite: 'lax' } }, 'unknown'],
  ])('sends no cookie if %s', async (_what, options, sid) => {
    const { app, store } = create(read, options)
    expect(setCookies(await app.get('/', signedCookie(sid)))).toEqual([])
    expect(store.methods()).not.toContain('set')
  })

  it('waits for a connection that can carry the cookie', async () => {
    const { app, store } = create(read, { proxy: true, cookie: { secure: true } })
    expect(setCookies(await app.get('/', signedCookie('a')))).toEqual([])
    expect(store.record('a').cookie).not.toHaveProperty('secure')
    const res = await app.get('/', signedCookie('a')).set('X-Forwarded-Proto', 'https')
    expect(readSetCookie(res)?.attributes.Secure).toBe(true)
    expect(store.record('a').cookie.secure).toBe(true)
  })

  it.each<[string, CookieOptions, CookieOptions]>([
    ['domain', { domain: 'example.com' }, {}],
    ['path', { path: '/app' }, { path: '/' }],
    ['partition', {}, { partitioned: true, secure: true }],
  ])(
    'deletes the old cookie that would stay beside the new one: another %s',
    async (_what, before, after) => {
      const { app, store } = create(read, { proxy: true, cookie: after })
      store.put('a', record({ user: 'ann' }, before))
      const res = await app.get('/app', signedCookie('a')).set('X-Forwarded-Proto', 'https')
      const [old = '', current = ''] = setCookies(res)
      expect(old).toContain(`connect.sid=; `)
      expect(old).toContain(`Expires=${EPOCH}`)
      expect([old.includes('Domain='), old.includes('Path=/app')]).toEqual([
        'domain' in before,
        'path' in before,
      ])
      expect(current).toContain(signedCookie('a'))
      expect(setCookies(res)).toHaveLength(2)
    },
  )

  it('lets regenerate({ keep: true }) keep what is known about the lifetime', async () => {
    const renew: Layer = (req, res) => void req.session.regenerate({ keep: true }, () => res.end())
    const before = create(change, { cookie: { maxAge: 48 * HOUR } })
    const cookie = cookieOf(await before.app.get())
    const renewed = create(renew, { cookie: { maxAge: 48 * HOUR } }, undefined, before.store)
    const next = cookieOf(await renewed.app.get('/', cookie))
    const { app, store } = create(read, { cookie: { maxAge: HOUR } }, undefined, before.store)
    const res = await app.get('/', next)
    expect(store.record(sidOf(res)).cookie.originalMaxAge).toBe(HOUR)
  })

  it('works with a cookie function and with a createSession of the store', async () => {
    const { app, store } = create(read, { cookie: () => ({ sameSite: 'lax' }) })
    const { createSession } = store
    store.createSession = (req, stored) => createSession.call(store, req, stored)
    expect(readSetCookie(await app.get('/', signedCookie('a')))?.attributes).toEqual(NEW)
    expect(store.record('a').cookie.sameSite).toBe('lax')
    expect(setCookies(await app.get('/', signedCookie('a')))).toEqual([])
  })

  it('works with MemoryStore, which shares the attributes of its records', async () => {
    const store = new session.MemoryStore()
    const options = { ...SETTINGS, store, refreshCookie: true, cookie: { maxAge: HOUR } }
    const before = serve(session(options), change)
    const cookies = [cookieOf(await before.get()), cookieOf(await before.get())]
    const after = serve(session({ ...options, cookie: { maxAge: 2 * HOUR, sameSite: 'lax' } }), read)
    for (const cookie of cookies) {
      expect(readSetCookie(await after.get('/', cookie))?.attributes.SameSite).toBe('Lax')
      expect(setCookies(await after.get('/', cookie))).toEqual([])
    }
    const records = Object.values(store.sessions).map((text) => JSON.parse(text))
    expect(records.map(({ cookie }) => cookie.originalMaxAge)).toEqual([2 * HOUR, 2 * HOUR])
  })
})

describe.each(Object.entries({ ours, upstream }))(
  'a record that refreshCookie has written, read by %s',
  (_name, library: SessionModule) => {
    it('gives the same session and the same cookie as any other record', async () => {
      const store = createStore(library)
      const options = { ...SETTINGS, store, cookie: { maxAge: HOUR, sameSite: 'lax' } } as const
      const cookie = cookieOf(await serve(session({ ...options, refreshCookie: true }), change).get())
      const layer: Layer = (req, res) => {
        req.session.views = 1
        res.end(String(req.session.user))
      }
      const res = await serve(library(options), layer).get('/', cookie)
      expect(res.text).toBe('ann')
      expect(readSetCookie(res)?.attributes).toEqual({ ...NEW, Expires: expect.any(String) })
      expect(store.record(sidOf(res))).toMatchObject({ user: 'ann', views: 1, cookie: { sameSite: 'lax' } })
    })
  },
)

function change(req: Parameters<Layer>[0], res: Parameters<Layer>[1]) {
  req.session.user = 'ann'
  res.end()
}

function create(layer: Layer, options: Partial<SessionOptions>, host?: Host, store = createStore()) {
  if (store.records.size === 0) store.put('a', record({ user: 'ann' }))
  const middleware = session({ ...SETTINGS, store, refreshCookie: true, ...options })
  return { store, app: (host?.serve ?? serve)(middleware, layer) }
}
