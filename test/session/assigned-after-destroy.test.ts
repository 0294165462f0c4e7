import { describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import {
  assignAfterDestroy,
  endings,
  expectNewSession,
  moments,
  values,
} from '../support/assign-after-destroy'
import { cookieOf, readSetCookie, setCookies } from '../support/cookies'
import { COOKIE, seeded } from '../support/ending'
import { compare, ours } from '../support/implementations'
import { crashesOf } from '../support/outcome'
import { SETTINGS } from '../support/settings'

const cases = Object.keys(values).flatMap((value) =>
  Object.keys(moments).flatMap((moment) =>
    Object.keys(endings).map((ending) => [value, moment, ending] as const),
  ),
)

describe('a session that is assigned after destroy', () => {
  it.each(cases)('is stored under a new id: %s, %s, and %s', async (value, moment, ending) => {
    const layer = assignAfterDestroy(values[value] as never, moments[moment] as never, endings[ending])
    await expectNewSession({}, layer)
    await expectNewSession({ saveUninitialized: true, resave: true }, layer)
    await expectNewSession({ genid: () => 'new' }, layer)
  })

  it.each(hosts)('is stored under a new id with $name', async (host) => {
    const store = seeded(ours)
    const app = host.serve(session({ ...SETTINGS, store }), assignAfterDestroy())
    const sid = readSetCookie(await app.get('/', COOKIE))?.sid
    expect([store.records.has('a'), store.record(sid)?.value]).toEqual([false, 'bye'])
  })

  it('is the session of the next request', async () => {
    const show: Layer = (req, res) => res.end(`${req.session.user} ${req.session.value}`)
    const layer: Layer = (req, res, next) =>
      (req.url === '/end' ? assignAfterDestroy() : show)(req, res, next)
    const app = serve(session({ ...SETTINGS, store: seeded(ours) }), layer)
    const next = cookieOf(await app.get('/end', COOKIE))
    expect([(await app.get('/', next)).text, (await app.get('/', COOKIE)).text]).toEqual([
      'undefined bye',
      'undefined undefined',
    ])
  })

  it('gets the cookie of the options, and keeps the data that a wrapped generate adds', async () => {
    const store = seeded(ours)
    const middleware = session({ ...SETTINGS, store, cookie: { maxAge: 60_000 } })
    const { generate } = store
    store.generate = (req) => {
      generate(req)
      Object.assign(req.session, { user: 'guest' })
    }
    const sid = readSetCookie(await serve(middleware, assignAfterDestroy()).get('/', COOKIE))?.sid
    expect(store.record(sid)).toMatchObject({
      user: 'guest',
      value: 'bye',
      cookie: { originalMaxAge: 60_000 },
    })
  })

  it.each([
    [false, []],
    [true, ['set']],
  ])('is stored if it is empty only with saveUninitialized: %s', async (saveUninitialized, writes) => {
    const store = seeded(ours)
    const layer = assignAfterDestroy(() => ({}))
    const res = await serve(session({ ...SETTINGS, saveUninitialized, store }), layer).get('/', COOKIE)
    expect(store.methods()).toEqual(['get', 'destroy', ...writes])
    expect(setCookies(res)).toHaveLength(writes.length)
  })

  it('gets no new id from the destroy alone', async () => {
    const genid = vi.fn(() => 'new')
    const app = serve(session({ ...SETTINGS, store: seeded(ours), genid }), (req, res) =>
      req.session.destroy(() => res.end()),
    )
    await app.get('/', COOKIE)
    expect(genid).not.toHaveBeenCalled()
  })

  it('gets the old id where destroy failed, since the record is still there', async () => {
    const store = seeded(ours)
    store.fail('destroy', new Error('down'))
    await serve(session({ ...SETTINGS, store }), assignAfterDestroy()).get('/', COOKIE)
    expect([[...store.records.keys()], store.record('a').value]).toEqual([['a'], 'bye'])
  })

  it('is an error where it is no object', async () => {
    const app = serve(
      session({ ...SETTINGS, store: seeded(ours) }),
      assignAfterDestroy(() => 5 as never),
    )
    const res = await app.get('/', COOKIE)
    expect([res.status, res.text]).toEqual([500, 'req.session must be an object, not a number'])
  })

  it.each(Object.keys(values))('is lost, or has the destroyed id, in express-session: %s', async (value) => {
    const seen = await compare(async (session) => {
      const store = seeded(session)
      const app = serve(session({ ...SETTINGS, store }), assignAfterDestroy(values[value] as never))
      await crashesOf(async () => {
        await app
          .get('/', COOKIE)
          .timeout(session === ours ? 10_000 : 300)
          .catch(() => {})
      })
      return Object.fromEntries(
        [...store.records.keys()].map((id) => [id === 'a' ? 'old id' : 'new id', store.record(id).value]),
      )
    })
    const isOld = value === 'the old session'
    expect(seen).toEqual({ ours: { 'new id': 'bye' }, upstream: isOld ? { 'old id': 'bye' } : {} })
  })
})

describe('a session that is assigned while another request has destroyed the old one', () => {
  it('is not stored, since that would undo the logout', async () => {
    const store = seeded(ours)
    const app = serve(session({ ...SETTINGS, store }), (req, res, next) => {
      if (req.url === '/end') return req.session.destroy(() => res.end())
      return other.get('/end', COOKIE).then(() => {
        req.session = { ...req.session, value: 'late' } as never
        res.end()
      }, next)
    })
    const other = serve(session({ ...SETTINGS, store }), (req, res) => req.session.destroy(() => res.end()))
    const res = await app.get('/', COOKIE)
    expect([setCookies(res), store.records.size]).toEqual([[], 0])
  })
})

describe('a session object from before regenerate that is assigned again', () => {
  it('gives its data to the new session', async () => {
    const store = seeded(ours)
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      const old = req.session
      old.regenerate(() => {
        req.session = old
        res.end(req.sessionID)
      })
    })
    const { text } = await app.get('/', COOKIE)
    expect([[...store.records.keys()], store.record(text).user]).toEqual([[text], 'ann'])
  })
})
