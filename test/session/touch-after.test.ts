import { describe, expect, it, vi } from 'vitest'
import session, { type MiddlewareOptions, type SessionDraft, updateSession } from '../../src'
import { type Layer, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { cookieOf, readSetCookie, setCookies, sidOfCookie, signedCookie } from '../support/cookies'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const AFTER = 60_000
const NOW = Date.parse('2030-01-02T03:04:05.678Z')

freezeClock(NOW)

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

const act: Layer = (req, res, next) => {
  if (req.url === '/login') req.session.user = 'ada'
  if (req.url === '/change') req.session.views = (req.session.views ?? 0) + 1
  if (req.url === '/save') return void req.session.save(next)
  if (req.url === '/update') return void updateSession(req, countViews).then(() => next(), next)
  if (req.url === '/brief') req.session.cookie.maxAge = AFTER / 2
  if (req.url === '/stream') res.write('a')
  next()
}

function countViews(draft: SessionDraft & { views?: number }) {
  draft.views = (draft.views ?? 0) + 1
}

const answer: Layer = (req, res) => {
  res.end(req.session.user ?? 'none')
}

function start(store = createStore(), options: Partial<MiddlewareOptions> = {}) {
  const settings = { ...SETTINGS, store, touchAfter: AFTER, ...options }
  const app = serve(session(settings) as unknown as Layer, act, answer)
  /** Returns the calls of these requests, without `get`. */
  const callsOf = async (cookie: string, ...paths: string[]) => {
    store.calls.length = 0
    for (const path of paths) await app.get(path, cookie)
    return store.methods().filter((method) => method !== 'get')
  }
  return { ...app, store, callsOf }
}

async function startLoggedIn(...args: Parameters<typeof start>) {
  const app = start(...args)
  const cookie = cookieOf(await app.get('/login'))
  pass(AFTER)
  return { ...app, cookie }
}

describe('touchAfter', () => {
  it('touches an unchanged session at most once in that time', async () => {
    const { callsOf, cookie } = await startLoggedIn()
    expect(await callsOf(cookie, '/', '/', '/')).toEqual(['touch'])
    pass(AFTER - 1)
    expect(await callsOf(cookie, '/', '/')).toEqual([])
    pass(1)
    expect(await callsOf(cookie, '/', '/')).toEqual(['touch'])
  })

  it('touches once for requests at the same time', async () => {
    const { get, store, cookie } = await startLoggedIn()
    store.calls.length = 0
    const touch = store.hold('touch')
    const first = get('/', cookie).then((res) => res)
    await touch.called
    await Promise.all(Array.from({ length: 19 }, () => get('/', cookie)))
    touch.release()
    await first
    expect(store.methods().filter((method) => method === 'touch')).toHaveLength(1)
    expect(store.methods().filter((method) => method === 'get')).toHaveLength(20)
  })

  it.each(['/change', '/save', '/login'])('counts the save of %s', async (path) => {
    const { callsOf, cookie } = await startLoggedIn()
    if (path === '/login') pass(-AFTER)
    else expect(await callsOf(cookie, path)).toContain('set')
    expect(await callsOf(cookie, '/')).toEqual([])
  })

  it('saves each change', async () => {
    const { callsOf, cookie } = await startLoggedIn()
    expect(await callsOf(cookie, '/change', '/change', '/')).toEqual(['set', 'set'])
  })

  it.each(['touch', 'set'] as const)('tries again after a %s that failed', async (method) => {
    const { callsOf, store, errors, cookie } = await startLoggedIn()
    store.fail(method, new Error('away'))
    expect(await callsOf(cookie, method === 'set' ? '/change' : '/')).toEqual([method])
    expect(errors).toHaveLength(1)
    expect(await callsOf(cookie, '/')).toEqual(['touch'])
  })

  it('touches a session that another process has saved', async () => {
    const store = createStore()
    store.put('a', record({ user: 'ada' }))
    expect(await start(store).callsOf(signedCookie('a'), '/', '/')).toEqual(['touch'])
  })

  it('touches at most once in each process', async () => {
    const store = createStore()
    store.put('a', record({ user: 'ada' }))
    const processes = Array.from({ length: 3 }, () => start(store))
    store.calls.length = 0
    for (let i = 0; i < 5; i++) for (const { get } of processes) await get('/', signedCookie('a'))
    expect(store.methods().filter((method) => method === 'touch')).toHaveLength(3)
  })

  it('holds for a MemoryStore, too', async () => {
    const store = new session.MemoryStore()
    const app = start(store as never, { cookie: { maxAge: 10 * AFTER } })
    const cookie = cookieOf(await app.get('/login'))
    const expires = async () => {
      await app.get('/', cookie)
      const [json = ''] = Object.values((store as unknown as { sessions: Record<string, string> }).sessions)
      return Date.parse(JSON.parse(json).cookie.expires)
    }
    pass(AFTER - 1)
    expect(await expires()).toBe(NOW + 10 * AFTER)
    pass(1)
    expect(await expires()).toBe(NOW + 11 * AFTER)
  })

  it('touches twice in the lifetime of a session whose cookie is shorter', async () => {
    const { callsOf, cookie } = await startLoggedIn()
    await callsOf(cookie, '/brief')
    pass(AFTER / 4 - 1)
    expect(await callsOf(cookie, '/')).toEqual([])
    pass(1)
    expect(await callsOf(cookie, '/')).toEqual(['touch'])
  })

  it("does the same with a cookie function that gives a shorter lifetime than 'touchAfter'", async () => {
    const options = { cookie: () => ({ maxAge: AFTER / 2 }) }
    const app = start(createStore(), options)
    const cookie = cookieOf(await app.get('/login'))
    pass(AFTER / 4 - 1)
    expect(await app.callsOf(cookie, '/')).toEqual([])
    pass(1)
    expect(await app.callsOf(cookie, '/')).toEqual(['touch'])
  })

  it.each(
    (['overwrite', 'merge'] as const).flatMap((saveMode) => [
      { path: '/save', saveMode },
      { path: '/update', saveMode },
    ]),
  )('restarts the lifetime of a cookie in a request of $path, with $saveMode', async ({ path, saveMode }) => {
    const options = { saveMode, rolling: true, cookie: { maxAge: 10 * AFTER } }
    const { get, callsOf, store, cookie } = await startLoggedIn(createStore(), options)
    expect(await callsOf(cookie, path)).toEqual(['set', 'touch'])
    const expires = new Date(NOW + 11 * AFTER)
    expect(store.record(sidOfCookie(cookie))?.cookie.expires).toBe(expires.toJSON())
    pass(AFTER)
    expect(readSetCookie(await get(path, cookie))?.attributes.Expires).toBe(
      new Date(NOW + 12 * AFTER).toUTCString(),
    )
    expect(await callsOf(cookie, '/')).toEqual([])
  })

  it('is without effect on resave', async () => {
    const { callsOf, cookie } = await startLoggedIn(createStore(), { resave: true })
    expect(await callsOf(cookie, '/', '/')).toEqual(['set', 'set'])
  })

  it('saves a record without a start, although the process has touched it', async () => {
    const store = createStore()
    store.put('a', record({ user: 'ada' }))
    await start(store).get('/', signedCookie('a'))
    const app = start(store, { absoluteTimeout: 10 * AFTER })
    expect(await app.callsOf(signedCookie('a'), '/', '/')).toEqual(['set'])
  })
})

describe('touchAfter with rolling', () => {
  const rolling = { rolling: true, cookie: { maxAge: 10 * AFTER } }

  it('sends the cookie at most once in that time, with the touch', async () => {
    const { get, cookie } = await startLoggedIn(createStore(), rolling)
    const sent = await get('/', cookie)
    expect(readSetCookie(sent)?.attributes).toMatchObject({
      Expires: new Date(Date.now() + 10 * AFTER).toUTCString(),
    })
    for (let i = 0; i < 3; i++) expect(setCookies(await get('/', cookie))).toEqual([])
    pass(AFTER)
    expect(setCookies(await get('/', cookie))).toHaveLength(1)
  })

  it('sends it with a streamed response', async () => {
    const { get, cookie, callsOf } = await startLoggedIn(createStore(), rolling)
    expect(setCookies(await get('/stream', cookie))).toHaveLength(1)
    expect(setCookies(await get('/stream', cookie))).toEqual([])
    expect(await callsOf(cookie, '/stream')).toEqual([])
  })

  it('sends it at most once in that time if the store has no touch', async () => {
    const store = Object.assign(createStore(), { touch: undefined })
    const { get, cookie } = await startLoggedIn(store as never, rolling)
    expect(setCookies(await get('/', cookie))).toHaveLength(1)
    expect(setCookies(await get('/', cookie))).toEqual([])
  })

  it('sends it with each change', async () => {
    const { get, cookie } = await startLoggedIn(createStore(), rolling)
    expect(setCookies(await get('/change', cookie))).toHaveLength(1)
    expect(setCookies(await get('/change', cookie))).toHaveLength(1)
  })
})
