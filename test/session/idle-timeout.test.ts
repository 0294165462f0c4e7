import { describe, expect, it, vi } from 'vitest'
import session, { type MiddlewareOptions } from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { cookieOf, readSetCookie, setCookies, sidOf, signedCookie } from '../support/cookies'
import { upstream } from '../support/implementations'
import { type LifetimeStore, lifetimeStores } from '../support/lifetime-stores'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const IDLE = 60_000
const NOW = Date.parse('2030-01-02T03:04:05.678Z')

freezeClock(NOW)

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

const act: Layer = async (req, res) => {
  if (req.url === '/login') req.session.user = 'ada'
  if (req.url === '/remember') req.session.cookie.maxAge = 10 * IDLE
  if (req.url === '/brief') req.session.cookie.maxAge = IDLE / 2
  if (req.url === '/forget') req.session.cookie.maxAge = null as never
  if (req.url === '/false') req.session.cookie.expires = false as never
  if (req.url === '/reload') await req.session.reload()
  if (req.url === '/logout') {
    await req.session.destroy()
    return void res.end('{}')
  }
  res.end(JSON.stringify({ user: req.session.user ?? null, expires: req.session.cookie.expires ?? null }))
}

function start(store: LifetimeStore, options: Partial<MiddlewareOptions> = {}, host = { serve }) {
  const settings = { ...SETTINGS, store: store as never, idleTimeout: IDLE, ...options }
  const app = host.serve(session(settings) as unknown as Layer, act)
  const user = async (cookie: string, path = '/') => JSON.parse((await app.get(path, cookie)).text).user
  return { ...app, user }
}

describe.each(lifetimeStores)('idleTimeout with $name', ({ create, touches }) => {
  it('keeps a session until a millisecond before the timeout', async () => {
    const app = start(create())
    const cookie = cookieOf(await app.get('/login'))
    pass(IDLE - 1)
    expect(await app.user(cookie)).toBe('ada')
  })

  it('ends a session at the timeout, and destroys it in the store', async () => {
    const store = create()
    const app = start(store)
    const login = await app.get('/login')
    // A read shows that the touch of some stores writes the record.
    await app.user(cookieOf(login))
    pass(IDLE)
    expect(await app.user(cookieOf(login))).toBeNull()
    expect(store.record(sidOf(login))).toBeUndefined()
  })

  it('ends a session that another process has saved, and that was not used afterwards, if that process knows the touch of the store', async () => {
    const store = create()
    const app = start(store)
    const first = cookieOf(await app.get('/login'))
    await app.user(first)
    await app.user(first)
    const second = cookieOf(await app.get('/login'))
    pass(IDLE)
    // Another store object for the same records, as another process has it.
    const restarted = start(Object.create(store))
    expect(await restarted.user(second)).toBeNull()
  })

  it.runIf(touches !== 'nothing')(
    'counts from the last request, also from one that changes nothing',
    async () => {
      const app = start(create())
      const cookie = cookieOf(await app.get('/login'))
      for (let i = 0; i < 5; i++) {
        pass(IDLE - 1)
        expect(await app.user(cookie)).toBe('ada')
      }
      pass(IDLE)
      expect(await app.user(cookie)).toBeNull()
    },
  )

  it.runIf(touches === 'nothing')(
    'counts from the last change, as all lifetimes do without touch',
    async () => {
      const app = start(create())
      const cookie = cookieOf(await app.get('/login'))
      pass(IDLE - 1)
      expect(await app.user(cookie)).toBe('ada')
      pass(1)
      expect(await app.user(cookie)).toBeNull()
    },
  )

  it('leaves nothing of a session that was logged out', async () => {
    const store = create()
    const app = start(store)
    const login = await app.get('/login')
    await app.get('/logout', cookieOf(login))
    expect(store.record(sidOf(login))).toBeUndefined()
    expect(await app.user(cookieOf(login))).toBeNull()
  })

  it('leaves the cookie of a browser session without an expiry', async () => {
    const app = start(create())
    const login = await app.get('/login')
    const read = await app.get('/', cookieOf(login))
    expect(readSetCookie(login)?.attributes).toEqual({ Path: '/', HttpOnly: true })
    expect(setCookies(read)).toEqual([])
    expect(JSON.parse(read.text)).toEqual({ user: 'ada', expires: null })
    // A change does not send a cookie without an expiry again.
    expect(setCookies(await app.get('/login', cookieOf(login)))).toEqual([])
  })

  it("stores the end as the record's expiry, beside the configured lifetime", async () => {
    const store = create()
    const login = await start(store).get('/login')
    expect(store.record(sidOf(login))?.cookie).toMatchObject({
      originalMaxAge: null,
      expires: new Date(NOW + IDLE).toJSON(),
    })
  })

  it('ends a remembered session at the timeout, while its cookie lives on', async () => {
    const store = create()
    const app = start(store)
    const cookie = cookieOf(await app.get('/login'))
    const remember = await app.get('/remember', cookie)
    const expires = new Date(NOW + 10 * IDLE)
    expect(readSetCookie(remember)?.attributes).toMatchObject({ Expires: expires.toUTCString() })
    expect(store.record(sidOf(remember))?.cookie).toMatchObject({
      originalMaxAge: 10 * IDLE,
      expires: new Date(NOW + IDLE).toJSON(),
    })
    pass(IDLE - 1)
    const read = await app.get('/', cookie)
    expect(JSON.parse(read.text)).toEqual({
      user: 'ada',
      expires: new Date(Date.now() + 10 * IDLE).toJSON(),
    })
    pass(IDLE)
    expect(await app.user(cookie)).toBeNull()
  })

  it('ends a session with its cookie, if that is shorter', async () => {
    const store = create()
    const app = start(store)
    const cookie = cookieOf(await app.get('/login'))
    await app.get('/brief', cookie)
    await app.user(cookie)
    pass(IDLE / 2)
    expect(await app.user(cookie)).toBeNull()
  })

  it.each([
    ['/forget', null],
    ['/false', false],
  ])('holds for a session that the application gives no lifetime any more: %s', async (path, lifetime) => {
    const store = create()
    const app = start(store, { cookie: { maxAge: 10 * IDLE } })
    const login = await app.get('/login')
    const forget = await app.get(path, cookieOf(login))
    expect(readSetCookie(forget)?.attributes).toEqual({ Path: '/', HttpOnly: true })
    expect(store.record(sidOf(login))?.cookie).toMatchObject({
      originalMaxAge: lifetime,
      expires: new Date(NOW + IDLE).toJSON(),
    })
    pass(IDLE - 1)
    const later = JSON.parse((await app.get('/', cookieOf(login))).text)
    expect(later).toEqual({ user: 'ada', expires: null })
    if (touches === 'nothing') return
    pass(IDLE - 1)
    expect(await app.user(cookieOf(login))).toBe('ada')
    pass(IDLE)
    expect(await app.user(cookieOf(login))).toBeNull()
  })

  it('shows the same expiry after a reload', async () => {
    const app = start(create(), { cookie: { maxAge: 10 * IDLE } })
    const cookie = cookieOf(await app.get('/login'))
    pass(1000)
    const { text } = await app.get('/reload', cookie)
    expect(JSON.parse(text).expires).toBe(new Date(Date.now() + 10 * IDLE).toJSON())
  })

  it('takes over a session that express-session has stored', async () => {
    const store = create()
    store.put('a', record({ user: 'ada' }))
    store.put('b', recordFor(10 * IDLE, { user: 'bob' }))
    const app = start(store)
    expect(await app.user(signedCookie('a'), '/login')).toBe('ada')
    expect(await app.user(signedCookie('b'))).toBe('bob')
    pass(IDLE)
    expect(await app.user(signedCookie('a'))).toBeNull()
  })
})

describe.each([
  ['a plain object', () => ({ ...createStore(), createSession: undefined })],
  ['a store of express-session', () => createStore(upstream)],
  ['a store with a createSession of its own', withOwnCreateSession],
])('idleTimeout with %s', (_store, create) => {
  it.each([
    ['without an expiry', undefined, null],
    ['with its configured lifetime', 10 * IDLE, new Date(NOW + 1000 + 10 * IDLE).toJSON()],
  ])('shows the cookie %s', async (_how, maxAge, expires) => {
    const app = start(create() as never, { cookie: { maxAge } })
    const cookie = cookieOf(await app.get('/login'))
    pass(1000)
    for (const path of ['/', '/reload']) {
      expect(JSON.parse((await app.get(path, cookie)).text)).toEqual({ user: 'ada', expires })
    }
    pass(IDLE - 1)
    expect(await app.user(cookie)).toBe('ada')
  })
})

function withOwnCreateSession() {
  const store = createStore()
  const { createSession } = store
  return Object.assign(store, {
    createSession: (req: never, data: never) => createSession.call(store, req, data),
  })
}

describe.each(hosts)('idleTimeout with $name', (host) => {
  it('ends a session', async () => {
    const app = start(lifetimeStores[0].create(), {}, host as never)
    const cookie = cookieOf(await app.get('/login'))
    pass(IDLE - 1)
    expect(await app.user(cookie)).toBe('ada')
    pass(IDLE)
    expect(await app.user(cookie)).toBeNull()
  })
})

describe('a session that has ended', () => {
  const store = () => lifetimeStores[2].create()

  it('is not written again by a request that was in flight', async () => {
    const plain = store()
    plain.put('a', { ...recordFor(IDLE, { user: 'ada' }) })
    let finish = () => {}
    const app = serve(
      session({ ...SETTINGS, store: plain, idleTimeout: IDLE, absoluteTimeout: IDLE }) as unknown as Layer,
      async (req, res) => {
        if (req.url === '/slow') {
          await new Promise<void>((resolve) => {
            finish = resolve
            started()
          })
          req.session.value = 'late'
        }
        res.end(req.session.user ?? 'none')
      },
    )
    let started = () => {}
    const isStarted = new Promise<void>((resolve) => {
      started = resolve
    })
    const slow = app.get('/slow', signedCookie('a')).then((res) => res)
    await isStarted
    plain.put('a', { ...plain.record('a'), cookie: { ...plain.record('a').cookie, startedAt: NOW - IDLE } })
    expect((await app.get('/', signedCookie('a'))).text).toBe('none')
    finish()
    await slow
    expect(plain.record('a')).toBeUndefined()
  })

  it('gives the error of a failed destroy to next', async () => {
    const plain = store()
    plain.put('a', { ...recordFor(IDLE, { user: 'ada' }) })
    Object.assign(plain, { touch: undefined })
    plain.fail('destroy', new Error('the store is away'))
    const app = start(plain)
    pass(IDLE)
    const response = await app.get('/', signedCookie('a'))
    expect([response.status, response.text]).toEqual([500, 'the store is away'])
  })

  it('takes the error ENOENT of a destroy for success', async () => {
    const plain = store()
    plain.put('a', { ...recordFor(IDLE, { user: 'ada' }) })
    Object.assign(plain, { touch: undefined })
    plain.fail('destroy', Object.assign(new Error('no such file'), { code: 'ENOENT' }))
    const app = start(plain)
    pass(IDLE)
    expect(await app.user(signedCookie('a'))).toBeNull()
  })

  it('lets reload fail', async () => {
    const plain = store()
    Object.assign(plain, { touch: undefined })
    plain.put('a', { ...recordFor(IDLE, { user: 'ada' }) })
    const app = serve(
      session({ ...SETTINGS, store: plain, idleTimeout: IDLE }) as unknown as Layer,
      async (req, res) => {
        pass(IDLE)
        await req.session.reload().catch((err: Error) => res.end(err.message))
      },
    )
    expect((await app.get('/', signedCookie('a'))).text).toBe('failed to load session')
    expect(plain.record('a')).toBeUndefined()
  })
})
