import { describe, expect, it, vi } from 'vitest'
import session, { type MiddlewareOptions } from '../../src'
import { type Layer, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { cookieOf, readSetCookie, sidOf, signedCookie } from '../support/cookies'
import { ours, upstream } from '../support/implementations'
import { createExpiringStore, lifetimeStores } from '../support/lifetime-stores'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const NOW = Date.parse('2030-01-02T03:04:05.678Z')
const HOUR = 3_600_000

freezeClock(NOW)

const at = (ms: number) => new Date(NOW + ms).toJSON()
const PLAIN = { originalMaxAge: null, expires: null, httpOnly: true, path: '/' }
const DAY_LONG = { ...PLAIN, originalMaxAge: 24 * HOUR, expires: at(24 * HOUR) }

interface Row {
  title: string
  options: Partial<MiddlewareOptions>
  /** The `cookie` of the record after a save, and what a touch changes in it. */
  cookie: object
  touched: object
}

const timeouts = { idleTimeout: HOUR, absoluteTimeout: 8 * HOUR }
const day = { cookie: { maxAge: 24 * HOUR } }

/** What each option writes into the record. */
const rows: Row[] = [
  { title: 'no option', options: {}, cookie: PLAIN, touched: {} },
  { title: 'touchAfter', options: { touchAfter: 1000 }, cookie: PLAIN, touched: {} },
  {
    title: 'the options that write nothing',
    options: {
      rolling: true,
      unset: 'destroy',
      saveMode: 'merge',
      clearCookie: true,
      cacheControl: true,
      failOnSaveError: true,
      storeTimeout: 5000,
    },
    cookie: PLAIN,
    touched: {},
  },
  {
    title: 'refreshCookie',
    options: { refreshCookie: true },
    cookie: { ...PLAIN, configured: { originalMaxAge: null, httpOnly: true, path: '/' } },
    touched: {},
  },
  {
    title: 'idleTimeout',
    options: { idleTimeout: HOUR },
    cookie: { ...PLAIN, expires: at(HOUR), lastWrite: 'save' },
    touched: { lastWrite: 'touch' },
  },
  {
    title: 'absoluteTimeout',
    options: { absoluteTimeout: HOUR },
    cookie: { ...PLAIN, expires: at(HOUR), startedAt: NOW },
    touched: {},
  },
  {
    title: 'both timeouts, and a cookie with a lifetime',
    options: { ...timeouts, ...day },
    cookie: { ...DAY_LONG, expires: at(HOUR), startedAt: NOW, lastWrite: 'save' },
    touched: { lastWrite: 'touch' },
  },
  { title: 'a cookie with a lifetime', options: day, cookie: DAY_LONG, touched: {} },
  {
    title: 'recommended()',
    options: session.recommended(),
    cookie: {
      ...PLAIN,
      sameSite: 'lax',
      secure: false,
      expires: at(HOUR),
      startedAt: NOW,
      lastWrite: 'save',
      // By `refreshCookie`.
      configured: { originalMaxAge: null, httpOnly: true, path: '/', sameSite: 'lax', secure: false },
    },
    // `touchAfter` is on.
    touched: {},
  },
]

const act: Layer = (req, res) => {
  if (req.url === '/login') req.session.user = 'ada'
  if (req.url === '/change') req.session.views = (req.session.views ?? 0) + 1
  res.end(JSON.stringify(req.session))
}

const start = (store: object, options: Partial<MiddlewareOptions> = {}, module = ours) =>
  serve(module({ ...SETTINGS, store, ...options } as never) as unknown as Layer, act)

/** Returns a store of express-session with the records of a store of this package. */
function rollBack({ records }: ReturnType<typeof createStore>) {
  const store = createStore(upstream)
  for (const [sid, json] of records) store.records.set(sid, json)
  return store
}

describe.each(rows)('with $title, a record', ({ options, cookie, touched }) => {
  it('has only these values in its cookie', async () => {
    const store = createStore()
    const app = start(store, options)
    const login = await app.get('/login')
    expect(store.record(sidOf(login))).toEqual({ user: 'ada', cookie })
    await app.get('/', cookieOf(login))
    expect(store.record(sidOf(login))).toEqual({ user: 'ada', cookie: { ...cookie, ...touched } })
  })

  it('is read, touched and changed by express-session, which removes what is not its own', async () => {
    const store = createStore()
    const login = await start(store, options).get('/login')
    const shared = rollBack(store)
    const theirs = start(shared, { cookie: options.cookie }, upstream)
    const read = JSON.parse((await theirs.get('/', cookieOf(login))).text)
    expect(read).toMatchObject({
      user: 'ada',
      cookie: { originalMaxAge: (cookie as typeof PLAIN).originalMaxAge },
    })
    expect((await theirs.get('/change', cookieOf(login))).status).toBe(200)
    const { originalMaxAge, sameSite, secure } = cookie as {
      originalMaxAge: null
      sameSite?: string
      secure?: false
    }
    expect(shared.record(sidOf(login))).toEqual({
      user: 'ada',
      views: 1,
      cookie: {
        ...PLAIN,
        originalMaxAge,
        expires: originalMaxAge === null ? null : at(originalMaxAge),
        ...(sameSite && { sameSite, secure }),
      },
    })
  })

  it('is what express-session sees in the store that they share, until the session ends', async () => {
    const store = new upstream.MemoryStore()
    const login = await start(store, { ...options, touchAfter: 0 }).get('/login')
    const theirs = start(store, {}, upstream)
    vi.setSystemTime(NOW + HOUR - 1)
    expect((await theirs.get('/', cookieOf(login))).text).toContain('ada')
  })
})

describe('after a roll-back to express-session', () => {
  it('a session that was not touched ends when it would have ended', async () => {
    const store = new upstream.MemoryStore()
    const login = await start(store, { idleTimeout: HOUR }).get('/login')
    vi.setSystemTime(NOW + HOUR)
    expect((await start(store, {}, upstream).get('/', cookieOf(login))).text).not.toContain('ada')
  })

  it('a session in use has no end but that of its cookie', async () => {
    const store = new upstream.MemoryStore()
    const login = await start(store, timeouts).get('/login')
    const theirs = start(store, {}, upstream)
    await theirs.get('/', cookieOf(login))
    vi.setSystemTime(NOW + 1000 * HOUR)
    expect((await theirs.get('/', cookieOf(login))).text).toContain('ada')
  })

  it('the cookie of a browser session is not sent again', async () => {
    const store = createStore()
    const cookie = cookieOf(await start(store, timeouts).get('/login'))
    expect(readSetCookie(await start(rollBack(store), {}, upstream).get('/change', cookie))).toBeUndefined()
  })
})

describe('after the timeouts are turned off again', () => {
  it('a session lives on whose store moves only an expiry of its own', async () => {
    const store = createExpiringStore()
    const app = start(store, timeouts)
    const cookie = cookieOf(await app.get('/login'))
    for (let i = 0; i < 3; i++) {
      vi.setSystemTime(Date.now() + HOUR / 2)
      await app.get('/', cookie)
    }
    expect((await start(store).get('/', cookie)).text).toContain('ada')
  })

  it('a save removes the start from the record', async () => {
    const store = createStore()
    const login = await start(store, timeouts).get('/login')
    await start(store).get('/change', cookieOf(login))
    expect(store.record(sidOf(login))).toEqual({ user: 'ada', views: 1, cookie: PLAIN })
  })
})

describe('a session that is loaded outside a request', () => {
  it('keeps its start and its end when it is saved', async () => {
    const store = lifetimeStores[2].create()
    const login = await start(store, timeouts).get('/login')
    const sid = sidOf(login) as string
    vi.setSystemTime(NOW + 1000)
    const loaded = await new Promise<Record<string, unknown> & { save(): Promise<void> }>((resolve) =>
      store.load(sid, (_err, found) => resolve(found as never)),
    )
    await Object.assign(loaded, { views: 7 }).save()
    expect(store.record(sid)).toEqual({
      user: 'ada',
      views: 7,
      cookie: { ...PLAIN, expires: at(HOUR), startedAt: NOW, lastWrite: 'save' },
    })
  })
})

describe('a store', () => {
  it('receives the live session as long as both timeouts are off', async () => {
    const seen: unknown[] = []
    const store = Object.assign(createStore(), {
      set(_sid: string, given: unknown, done: () => void) {
        seen.push(given)
        done()
      },
    })
    const app = serve(
      session({ ...SETTINGS, store, touchAfter: 1000 }) as unknown as Layer,
      async (req, res) => {
        req.session.user = 'ada'
        seen.push(req.session)
        await req.session.save()
        res.end()
      },
    )
    await app.get()
    expect(seen).toHaveLength(2)
    expect(seen[0]).toBe(seen[1])
  })

  it('receives a copy with the same class, id and request as long as one is on', async () => {
    const seen: Record<string, unknown>[] = []
    const store = Object.assign(createStore(), {
      set(_sid: string, given: Record<string, unknown>, done: () => void) {
        seen.push(given)
        done()
      },
    })
    let live: unknown
    const app = serve(
      session({ ...SETTINGS, store, idleTimeout: HOUR }) as unknown as Layer,
      async (req, res) => {
        Object.assign(req.session, { user: 'ada', list: [1] })
        await req.session.save()
        live = req.session
        const { id, req: request } = req.session
        expect(seen[0]).toMatchObject({ id, user: 'ada' })
        expect(seen[0]?.req).toBe(request)
        expect(seen[0]?.list).toBe((req.session as unknown as { list: unknown }).list)
        res.end()
      },
    )
    expect((await app.get()).status).toBe(200)
    expect(seen[0]).toBeInstanceOf(session.Session)
    expect(seen[0]).not.toBe(live)
    expect(Object.keys(seen[0] as object).sort()).toEqual(['cookie', 'list', 'user'])
  })

  it('reads the end from the copy after a wait, too', async () => {
    const ends: unknown[] = []
    const store = Object.assign(createStore(), {
      async set(_sid: string, { cookie }: { cookie: session.Cookie }, done: () => void) {
        await new Promise(setImmediate)
        const { expires, maxAge, originalMaxAge, _expires } = cookie
        ends.push(expires, maxAge, originalMaxAge, _expires)
        done()
      },
    })
    await start(store, { idleTimeout: HOUR, cookie: { maxAge: 24 * HOUR } }).get('/login')
    expect(ends).toEqual([new Date(NOW + HOUR), HOUR, HOUR, new Date(NOW + HOUR)])
  })
})

describe.each(lifetimeStores)('records of wrong values with $name', ({ create }) => {
  it.each([
    ['a start that is a word', { startedAt: 'yesterday' }],
    ['a start that is an object', { startedAt: { toString: 1 } }],
    ['a start that is a huge number as text', { startedAt: '1e308' }],
    ['a start in the near future', { startedAt: NOW + 30_000 }],
    ['a start in the future', { startedAt: NOW + 100 * HOUR }],
    ['a start in the far future', { startedAt: 8e15 }],
    ['an unknown last write', { lastWrite: 7 }],
    ['options that are a word', { configured: 'x' }],
    ['options that are a list', { configured: [1] }],
    [
      'options that have no text',
      { configured: { sameSite: { toString: 1 }, path: 7, originalMaxAge: 'x' } },
    ],
  ])('are read with %s, and their sessions end', async (_what, marks) => {
    const store = create()
    store.put('a', { user: 'ada', cookie: { ...PLAIN, ...marks } })
    const app = start(store, { absoluteTimeout: 8 * HOUR, refreshCookie: true })
    for (let hours = 0; hours < 8; hours += 0.5) {
      vi.setSystemTime(NOW + hours * HOUR)
      expect((await app.get('/', signedCookie('a'))).text).toContain('ada')
    }
    vi.setSystemTime(NOW + 8 * HOUR + 30_000)
    expect((await app.get('/', signedCookie('a'))).text).not.toContain('ada')
    expect(app.errors).toEqual([])
  })

  it.each([-5, 0, '0'])('end the session with the start %j, long ago', async (startedAt) => {
    const store = create()
    store.put('a', { user: 'ada', cookie: { ...PLAIN, startedAt } })
    expect((await start(store, timeouts).get('/', signedCookie('a'))).text).not.toContain('ada')
    expect(store.record('a')).toBeUndefined()
  })
})

describe.each(lifetimeStores)('a clock that is set back, with $name', ({ create }) => {
  it('makes a session last no longer than twice the absolute timeout', async () => {
    const app = start(create(), { absoluteTimeout: 8 * HOUR })
    const cookie = cookieOf(await app.get('/login'))
    vi.setSystemTime(NOW - 100 * HOUR)
    let seen = 0
    while ((await app.get('/', cookie)).text.includes('ada') && seen < 40) {
      seen++
      vi.setSystemTime(Date.now() + HOUR / 2)
    }
    expect(seen).toBe(16)
    expect(app.errors).toEqual([])
  })
})
