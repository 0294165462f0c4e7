import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { setCookies, signedCookie } from '../support/cookies'
import { compare } from '../support/implementations'
import { crashesOf, outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

const logout: Layer = (req, res) => req.session.destroy(() => res.end(String(req.session)))

describe.each(hosts)('destroy with $name', (host) => {
  it('removes the record and req.session', async () => {
    const { app, store } = create(host.serve, logout)
    const res = await app.get('/', COOKIE)
    expect([res.text, store.calls]).toEqual(['undefined', ['get a', 'destroy a']])
    expect(setCookies(res)).toEqual([])
  })
})

describe('destroy', () => {
  it('removes req.session at once', async () => {
    const { app } = create(serve, (req, res) => {
      const before = req.session
      before.destroy(() => {})
      res.end(String(req.session))
    })
    expect((await app.get('/', COOKIE)).text).toBe('undefined')
  })

  it('returns the session when it gets a callback', async () => {
    const { app } = create(serve, (req, res) => {
      const before = req.session
      const returned = before.destroy(() => res.end(String((returned as unknown) === before)))
    })
    expect((await app.get('/', COOKIE)).text).toBe('true')
  })

  it('returns a promise without a callback', async () => {
    const { app, store } = create(serve, async (req, res) => {
      await req.session.destroy()
      res.end(String(store.records.has('a')))
    })
    expect((await app.get('/', COOKIE)).text).toBe('false')
  })

  it('passes the store’s error to its callback', async () => {
    const { app, store } = create(serve, (req, res) =>
      req.session.destroy((err: Error) => res.end(err.message)),
    )
    store.fail('destroy', new Error('stuck'))
    expect((await app.get('/', COOKIE)).text).toBe('stuck')
  })

  it('rejects the promise with the store’s error', async () => {
    const { app, store } = create(serve, (req, res) => {
      req.session.destroy().catch((err: Error) => res.end(err.message))
    })
    store.fail('destroy', new Error('stuck'))
    expect((await app.get('/', COOKIE)).text).toBe('stuck')
  })

  it('may be called without a callback and without handling the promise', async () => {
    const crashes = await compare((session) =>
      crashesOf(async () => {
        const store = createStore(session)
        store.put('a', record())
        store.fail('destroy', new Error('stuck'))
        const app = serve(session({ ...SETTINGS, store }), (req, res) => {
          req.session.destroy()
          setImmediate(() => setImmediate(() => res.end('bye')))
        })
        await outcome(session, app.get('/', COOKIE))
      }),
    )
    expect(crashes).toEqual({ ours: [], upstream: ['done is not a function'] })
  })

  it('may be called twice', async () => {
    const { app } = create(serve, (req, res) => {
      const { session } = req
      session.destroy(() => session.destroy((err: Error | undefined) => res.end(String(err))))
    })
    expect((await app.get('/', COOKIE)).text).toMatch(/undefined|null/)
  })

  it('lets the request start a new session afterwards', async () => {
    const store = createStore()
    store.put('a', record({ user: 'ann' }))
    const again = session({ ...SETTINGS, store })
    const app = serve(
      again,
      (req, res, next) => req.session.destroy(() => again(req as never, res as never, next)),
      (req, res) => res.end(`${req.session.user} ${req.sessionID !== 'a'}`),
    )
    const res = await app.get('/', COOKIE)
    expect(res.text).toBe('undefined true')
  })
})

function create(serveWith: typeof serve, layer: Layer) {
  const store = createStore()
  store.put('a', record({ user: 'ann' }))
  return { store, app: serveWith(session({ ...SETTINGS, store }), layer) }
}
