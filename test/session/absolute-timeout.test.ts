import { describe, expect, it, vi } from 'vitest'
import session, { type MiddlewareOptions } from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { cookieOf, readSetCookie, sidOf, signedCookie } from '../support/cookies'
import { type LifetimeStore, lifetimeStores } from '../support/lifetime-stores'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const ABSOLUTE = 3_600_000
const NOW = Date.parse('2030-01-02T03:04:05.678Z')

freezeClock(NOW)

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

const act: Layer = async (req, res) => {
  if (req.url === '/login') req.session.user = 'ada'
  if (req.url === '/change') req.session.views = (req.session.views ?? 0) + 1
  if (req.url === '/remember') req.session.cookie.maxAge = 10 * ABSOLUTE
  if (req.url === '/regenerate') {
    const { user } = req.session
    await req.session.regenerate()
    if (user) req.session.user = user
  }
  if (req.url === '/save') await req.session.save()
  if (req.url === '/keep') await req.session.regenerate({ keep: true })
  if (req.url === '/keep-user') await req.session.regenerate({ keep: ['user'] })
  res.end(req.session.user ?? 'none')
}

function start(store: LifetimeStore, options: Partial<MiddlewareOptions> = {}, host = { serve }) {
  const settings = { ...SETTINGS, store: store as never, absoluteTimeout: ABSOLUTE, ...options }
  const app = host.serve(session(settings) as unknown as Layer, act)
  const user = async (cookie: string, path = '/') => (await app.get(path, cookie)).text
  return { ...app, user }
}

describe.each(lifetimeStores)('absoluteTimeout with $name', ({ create }) => {
  it('ends a session that is in use, and destroys it in the store', async () => {
    const store = create()
    const app = start(store)
    const login = await app.get('/login')
    const cookie = cookieOf(login)
    for (const path of ['/', '/change', '/', '/change']) {
      pass(ABSOLUTE / 4 - 1)
      expect(await app.user(cookie, path)).toBe('ada')
    }
    pass(3)
    expect(await app.user(cookie)).toBe('ada')
    pass(1)
    expect(await app.user(cookie)).toBe('none')
    expect(store.record(sidOf(login))).toBeUndefined()
  })

  it("stores the start and the end of the session in the record's cookie", async () => {
    const store = create()
    const app = start(store)
    const login = await app.get('/login')
    pass(1000)
    await app.get('/change', cookieOf(login))
    expect(store.record(sidOf(login))?.cookie).toMatchObject({
      originalMaxAge: null,
      expires: new Date(NOW + ABSOLUTE).toJSON(),
      startedAt: NOW,
    })
  })

  it('ends a remembered session, while its cookie lives on', async () => {
    const app = start(create())
    const cookie = cookieOf(await app.get('/login'))
    const remember = await app.get('/remember', cookie)
    const expires = new Date(NOW + 10 * ABSOLUTE)
    expect(readSetCookie(remember)?.attributes).toMatchObject({ Expires: expires.toUTCString() })
    pass(ABSOLUTE - 1)
    expect(await app.user(cookie)).toBe('ada')
    pass(1)
    expect(await app.user(cookie)).toBe('none')
  })

  it('starts again for a session that regenerate has made', async () => {
    const app = start(create())
    const cookie = cookieOf(await app.get('/login'))
    pass(ABSOLUTE - 1)
    const next = cookieOf(await app.get('/regenerate', cookie))
    pass(ABSOLUTE - 1)
    expect(await app.user(next)).toBe('ada')
    pass(1)
    expect(await app.user(next)).toBe('none')
  })

  it.each(['/keep', '/keep-user'])('goes on under a new id after %s', async (path) => {
    const store = create()
    const app = start(store)
    const cookie = cookieOf(await app.get('/login'))
    pass(ABSOLUTE - 1)
    const kept = await app.get(path, cookie)
    const next = cookieOf(kept)
    expect(store.record(sidOf(kept))?.cookie).toMatchObject({ startedAt: NOW })
    expect(await app.user(next)).toBe('ada')
    pass(1)
    expect(await app.user(next)).toBe('none')
  })

  it.each([
    ['without an expiry', () => record({ user: 'ada' })],
    ['with an expiry', () => recordFor(10 * ABSOLUTE, { user: 'ada' })],
  ])('begins for a record of express-session %s when it is first seen', async (_how, stored) => {
    const store = create()
    store.put('a', stored())
    const app = start(store)
    pass(1000)
    expect(await app.user(signedCookie('a'))).toBe('ada')
    expect(store.record('a')?.cookie).toMatchObject({ startedAt: NOW + 1000 })
    for (let i = 0; i < 3; i++) {
      pass(ABSOLUTE / 4)
      expect(await app.user(signedCookie('a'))).toBe('ada')
    }
    pass(ABSOLUTE / 4 - 1)
    expect(await app.user(signedCookie('a'))).toBe('ada')
    pass(1)
    expect(await app.user(signedCookie('a'))).toBe('none')
    expect(store.record('a')).toBeUndefined()
  })

  it('counts a shorter timeout of a new deployment from the recorded start', async () => {
    const store = create()
    const login = await start(store).get('/login')
    const app = start(store, { absoluteTimeout: ABSOLUTE / 2 })
    pass(ABSOLUTE / 2 - 1)
    expect(await app.user(cookieOf(login))).toBe('ada')
    pass(1)
    expect(await app.user(cookieOf(login))).toBe('none')
    expect(store.record(sidOf(login))).toBeUndefined()
  })

  it('holds together with an idle timeout', async () => {
    const idleTimeout = ABSOLUTE / 2
    const app = start(create(), { idleTimeout })
    const cookie = cookieOf(await app.get('/login'))
    pass(idleTimeout - 1)
    expect(await app.user(cookie, '/change')).toBe('ada')
    pass(idleTimeout - 1)
    expect(await app.user(cookie, '/change')).toBe('ada')
    pass(2)
    expect(await app.user(cookie)).toBe('none')
  })

  it('ends a remembered session at the least of both timeouts and its cookie', async () => {
    const store = create()
    const idleTimeout = ABSOLUTE / 4
    const login = await start(store, { idleTimeout }).get('/login')
    const app = start(store, { idleTimeout })
    const endOf = () => Date.parse(store.record(sidOf(login))?.cookie.expires) - NOW
    const remember = await app.get('/remember', cookieOf(login))
    const expires = new Date(NOW + 10 * ABSOLUTE).toUTCString()
    expect(readSetCookie(remember)?.attributes).toMatchObject({ Expires: expires })
    expect(endOf()).toBe(idleTimeout)
    for (let quarter = 1; quarter < 5; quarter++) {
      pass(idleTimeout - 1)
      expect(await app.user(cookieOf(login), '/change')).toBe('ada')
    }
    expect(endOf()).toBe(ABSOLUTE)
    pass(3)
    expect(await app.user(cookieOf(login))).toBe('ada')
    pass(1)
    expect(await app.user(cookieOf(login))).toBe('none')
    expect(store.record(sidOf(login))).toBeUndefined()
  })

  it.each([
    ['/keep', ABSOLUTE / 2],
    ['/regenerate', ABSOLUTE],
  ])('restarts an idle timeout and, except with keep, itself: %s', async (path, left) => {
    const idleTimeout = ABSOLUTE / 2
    const app = start(create(), { idleTimeout })
    const login = await app.get('/login')
    pass(ABSOLUTE / 4)
    await app.get('/change', cookieOf(login))
    pass(ABSOLUTE / 4)
    const cookie = cookieOf(await app.get(path, cookieOf(login)))
    pass(ABSOLUTE / 2 - 1)
    expect(await app.user(cookie, '/change')).toBe('ada')
    pass(1)
    expect(await app.user(cookie)).toBe(left > ABSOLUTE / 2 ? 'ada' : 'none')
    pass(ABSOLUTE / 2)
    expect(await app.user(cookie)).toBe('none')
  })
})

describe.each(['overwrite', 'merge'] as const)('a record without a start, with saveMode %s', (saveMode) => {
  it.each([
    ['is saved once if the handler saves it', '/save', ['get', 'set', 'touch']],
    ['is saved at the end of a request that changes nothing', '/', ['get', 'set']],
  ])('%s', async (_what, path, calls) => {
    const store = createStore()
    store.put('a', record({ user: 'ada' }))
    const app = start(store as never, { saveMode })
    await app.get(path, signedCookie('a'))
    const read = saveMode === 'merge' ? ['get'] : []
    expect(store.methods()).toEqual([...read, ...calls])
    expect(store.record('a').cookie.startedAt).toBe(NOW)
  })
})

describe.each(hosts)('absoluteTimeout with $name', (host) => {
  it('ends a session', async () => {
    const app = start(lifetimeStores[0].create(), {}, host as never)
    const cookie = cookieOf(await app.get('/login'))
    pass(ABSOLUTE - 1)
    expect(await app.user(cookie)).toBe('ada')
    pass(1)
    expect(await app.user(cookie)).toBe('none')
  })
})
