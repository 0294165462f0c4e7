import { describe, expect, it, vi } from 'vitest'
import session, { lifetimeOf, type MiddlewareOptions, readOnly } from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { cookieOf, signedCookie } from '../support/cookies'
import { createExpiringStore, type LifetimeStore, lifetimeStores } from '../support/lifetime-stores'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'

const IDLE = 60_000
const ABSOLUTE = 10 * IDLE
const NOW = Date.parse('2030-01-02T03:04:05.678Z')

freezeClock(NOW)

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)
const at = (ms: number) => new Date(NOW + ms).toJSON()

const act: Layer = async (req, res) => {
  if (req.url === '/login') req.session.user = 'ada'
  if (req.url === '/poll') readOnly(req)
  if (req.url === '/regenerate') await req.session.regenerate()
  if (req.url === '/logout') await req.session.destroy()
  if (req.url === '/stream') {
    res.write(' ')
    await new Promise(setImmediate)
  }
  res.end(JSON.stringify(lifetimeOf(req)))
}

const both = { idleTimeout: IDLE, absoluteTimeout: ABSOLUTE }

function start(store: LifetimeStore, options: Partial<MiddlewareOptions> = both, host = { serve }) {
  const app = host.serve(session({ ...SETTINGS, store: store as never, ...options }) as unknown as Layer, act)
  const ask = async (cookie: string | undefined, path = '/') => JSON.parse((await app.get(path, cookie)).text)
  return { ...app, ask }
}

describe.each(hosts)('lifetimeOf with $name', (host) => {
  it('gives the start and the two ends', async () => {
    const app = start(lifetimeStores[2].create(), both, host as never)
    const login = await app.get('/login')
    const created = { created: at(0), absoluteEnds: at(ABSOLUTE) }
    expect(JSON.parse(login.text)).toEqual({ ...created, idleEnds: at(IDLE) })
    pass(1000)
    for (const path of ['/', '/stream']) {
      expect(await app.ask(cookieOf(login), path)).toEqual({ ...created, idleEnds: at(1000 + IDLE) })
    }
  })
})

describe.each(lifetimeStores)('lifetimeOf with $name', ({ create, touches }) => {
  it('does not move the idle end in a read-only request', async () => {
    const app = start(create())
    const cookie = cookieOf(await app.get('/login'))
    await app.get('/', cookie)
    pass(1000)
    const created = { created: at(0), absoluteEnds: at(ABSOLUTE) }
    // Only the store knows the end that its touch has moved.
    const known = touches === 'expiry' ? {} : { idleEnds: at(IDLE) }
    expect(await app.ask(cookie, '/poll')).toEqual({ ...created, ...known })
    pass(1000)
    expect(await app.ask(cookie, '/poll')).toEqual({ ...created, ...known })
  })
})

describe.each(lifetimeStores)('the idle end of an unchanged request with $name', ({ create, touches }) => {
  it('is when the session ends', async () => {
    const app = start(create())
    const cookie = cookieOf(await app.get('/login'))
    pass(1000)
    const { idleEnds } = await app.ask(cookie)
    expect(idleEnds).toBe(at(touches === 'nothing' ? IDLE : 1000 + IDLE))
    vi.setSystemTime(Date.parse(idleEnds) - 1)
    expect((await app.ask(cookie, '/poll')).created).toBe(at(0))
    vi.setSystemTime(idleEnds)
    expect((await app.ask(cookie, '/poll')).created).toBeUndefined()
  })
})

describe('lifetimeOf', () => {
  it('counts the idle end from the last touch with touchAfter', async () => {
    const app = start(createExpiringStore() as never, { ...both, touchAfter: 1000 })
    const cookie = cookieOf(await app.get('/login'))
    pass(999)
    expect((await app.ask(cookie)).idleEnds).toBe(at(IDLE))
    expect((await app.ask(cookie, '/poll')).idleEnds).toBe(at(IDLE))
    pass(1)
    expect((await app.ask(cookie)).idleEnds).toBe(at(1000 + IDLE))
    expect((await app.ask(cookie, '/poll')).idleEnds).toBe(at(1000 + IDLE))
  })

  it('gives the time of the first request for a record without a start', async () => {
    const store = lifetimeStores[2].create()
    store.put('a', record({ user: 'ada' }))
    expect(await start(store).ask(signedCookie('a'))).toMatchObject({ created: at(0) })
  })

  it('starts again after regenerate', async () => {
    const app = start(lifetimeStores[0].create())
    const cookie = cookieOf(await app.get('/login'))
    pass(1000)
    expect(await app.ask(cookie, '/regenerate')).toEqual({
      created: at(1000),
      idleEnds: at(1000 + IDLE),
      absoluteEnds: at(1000 + ABSOLUTE),
    })
  })

  it.each([
    ['no option is on', {}, {}],
    ['only idleTimeout is on', { idleTimeout: IDLE }, { idleEnds: at(IDLE) }],
    [
      'only absoluteTimeout is on',
      { absoluteTimeout: ABSOLUTE },
      { created: at(0), absoluteEnds: at(ABSOLUTE) },
    ],
  ])('has only what is known if %s', async (_when, options, expected) => {
    const app = start(lifetimeStores[0].create(), options)
    expect(JSON.parse((await app.get('/login')).text)).toEqual(expected)
  })

  it.each(['/', '/logout'])('is empty without a session, as in %s', async (path) => {
    expect(await start(lifetimeStores[0].create()).ask(undefined, path)).toEqual({})
    const { get } = serve(act)
    expect((await get('/')).text).toBe('{}')
  })
})
