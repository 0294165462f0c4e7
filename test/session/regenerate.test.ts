import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, type Req, serve } from '../support/app'
import { cookieOf, readSetCookie, sidOf, signedCookie } from '../support/cookies'
import { compare } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

const login: Layer = (req, res, next) => {
  req.session.regenerate((err: unknown) => {
    if (err) return next(err)
    req.session.user = 'ann'
    res.end(req.sessionID)
  })
}

describe.each(hosts)('regenerate with $name', (host) => {
  it('gives the client an empty session under a new id', async () => {
    const { app, store } = create(host.serve, login)
    const res = await app.get('/', COOKIE)
    expect(res.text).not.toBe('a')
    expect(sidOf(res)).toBe(res.text)
    expect(store.record(res.text)).toEqual({ user: 'ann', cookie: record().cookie })
  })

  it('removes the old record before it stores the new one', async () => {
    const { app, store } = create(host.serve, login)
    const res = await app.get('/', COOKIE)
    expect(store.calls).toEqual(['get a', 'destroy a', `set ${res.text}`])
  })
})

describe('regenerate', () => {
  it('returns the session when it gets a callback', async () => {
    const { app } = create(serve, (req, res) => {
      const before = req.session
      const returned = before.regenerate(() => res.end(String((returned as unknown) === before)))
    })
    expect((await app.get('/', COOKIE)).text).toBe('true')
  })

  it('returns a promise without a callback', async () => {
    const { app } = create(serve, async (req, res) => {
      const value = await req.session.regenerate()
      req.session.user = 'ann'
      res.end(`${value} ${req.sessionID !== 'a'}`)
    })
    expect((await app.get('/', COOKIE)).text).toBe('undefined true')
  })

  it('passes the store’s error to its callback and continues with a new session', async () => {
    const { app, store } = create(serve, (req, res) => {
      req.session.regenerate((err: Error) => res.end(`${err.message} ${req.sessionID !== 'a'}`))
    })
    store.fail('destroy', new Error('stuck'))
    expect((await app.get('/', COOKIE)).text).toBe('stuck true')
  })

  it('writes the new session once when the application saves it', async () => {
    const sets = await compare(async (session) => {
      const store = createStore(session)
      const app = serve(session({ ...SETTINGS, store }), (req, res) => {
        req.session.regenerate(() => {
          req.session.user = 'ann'
          req.session.save(() => res.end())
        })
      })
      await app.get()
      return store.methods().filter((method) => method === 'set').length
    })
    expect(sets).toEqual({ ours: 1, upstream: 2 })
  })

  it('does not ask the store to destroy an id that was never stored', async () => {
    const calls = await compare(async (session) => {
      const store = createStore(session)
      await serve(session({ ...SETTINGS, store }), login).get()
      return store.methods()
    })
    expect(calls).toEqual({ ours: ['set'], upstream: ['destroy', 'set'] })
  })

  it('destroys a new session that was saved in the same request', async () => {
    const { app, store } = create(serve, (req, res, next) => {
      req.session.value = 1
      req.session.save(() => login(req, res, next))
    })
    const res = await app.get()
    expect(store.methods()).toEqual(['set', 'destroy', 'set'])
    expect([...store.records.keys()]).toEqual(['a', res.text])
  })

  it('saves the new session when the old one was saved with the same data', async () => {
    const { app, store } = create(serve, (req, res) => {
      const old = Object.assign(req.session, { value: 'same' })
      old.regenerate(() => {
        req.session.value = 'same'
        old.save(() => res.end(req.sessionID))
      })
    })
    const res = await app.get('/', COOKIE)
    expect(store.record(res.text)).toMatchObject({ value: 'same' })
  })

  it('may be called twice', async () => {
    const { app, store } = create(serve, (req, res, next) => {
      req.session.regenerate(() => login(req, res, next))
    })
    const res = await app.get('/', COOKIE)
    expect([...store.records.keys()]).toEqual([res.text])
    expect(sidOf(res)).toBe(res.text)
  })

  it('creates a session that the next request finds', async () => {
    const { app } = create(serve, (req: Req, res, next) =>
      req.url === '/login' ? login(req, res, next) : res.end(String(req.session.user)),
    )
    const cookie = cookieOf(await app.get('/login', COOKIE))
    expect((await app.get('/', cookie)).text).toBe('ann')
    expect((await app.get('/', COOKIE)).text).toBe('undefined')
  })

  it('takes the new cookie from the options, not from the old record', async () => {
    const store = createStore()
    store.put('a', record({}, { path: '/old' }))
    const middleware = session({ ...SETTINGS, store, cookie: { sameSite: 'lax' } })
    const res = await serve(middleware, login).get('/', COOKIE)
    expect(readSetCookie(res)?.attributes).toEqual({ Path: '/', HttpOnly: true, SameSite: 'Lax' })
  })
})

function create(serveWith: typeof serve, layer: Layer) {
  const store = createStore()
  store.put('a', record({ value: 'old' }))
  return { store, app: serveWith(session({ ...SETTINGS, store }), layer) }
}
