import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { sidOf, signedCookie } from '../support/cookies'
import { show } from '../support/handlers'
import { compare } from '../support/implementations'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe.each(hosts)('req.session.cookie with $name', (host) => {
  it('is a Cookie with the attributes of the options for a new session', async () => {
    const cookie = { maxAge: 60_000, sameSite: 'lax' as const }
    const app = host.serve(
      session({ ...SETTINGS, cookie }),
      show(({ session: { cookie } }) => cookie.data),
    )
    expect(JSON.parse((await app.get()).text)).toEqual({
      originalMaxAge: 60_000,
      expires: expect.any(String),
      httpOnly: true,
      path: '/',
      sameSite: 'lax',
    })
  })

  it('is a Cookie with the attributes of the record for a loaded session', async () => {
    const store = createStore()
    store.put('a', record({}, { path: '/x', httpOnly: false, priority: 'high' }))
    const app = host.serve(session({ ...SETTINGS, store, cookie: { path: '/' } }), (req, res) => {
      const isCookie = req.session.cookie instanceof session.Cookie
      res.end(JSON.stringify([isCookie, req.session.cookie]))
    })
    const own = { originalMaxAge: null, expires: null, path: '/x', httpOnly: false, priority: 'high' }
    expect(JSON.parse((await app.get('/', COOKIE)).text)).toEqual([true, own])
  })
})

describe('req.session.cookie', () => {
  it('has an expiry that is a Date, although it was stored as a string', async () => {
    const store = createStore()
    store.put('a', recordFor(60_000))
    const app = serve(
      session({ ...SETTINGS, store }),
      show((req) => req.session.cookie.expires instanceof Date),
    )
    expect((await app.get('/', COOKIE)).text).toBe('true')
  })

  it('serializes to the text of the Set-Cookie header', async () => {
    const app = serve(session({ ...SETTINGS, saveUninitialized: true }), (req, res) => {
      res.end(req.session.cookie.serialize('name', 'a b'))
    })
    expect((await app.get()).text).toBe('name=a%20b; Path=/; HttpOnly')
  })

  it('has the JSON of its data', async () => {
    const app = serve(session(SETTINGS), ({ session: { cookie } }, res) => {
      res.end(String(JSON.stringify(cookie) === JSON.stringify(cookie.data)))
    })
    expect((await app.get()).text).toBe('true')
  })

  it('has an own property _expires, which stores read', async () => {
    const app = serve(
      session({ ...SETTINGS, cookie: { maxAge: 60_000 } }),
      ({ session: { cookie } }, res) => {
        res.end(String(Object.hasOwn(cookie, '_expires') && cookie._expires === cookie.expires))
      },
    )
    expect((await app.get()).text).toBe('true')
  })

  it('is stored the same by both implementations', async () => {
    const stored = await compare(async (session) => {
      const store = createStore(session)
      const cookie = { domain: 'example.com', path: '/', priority: 'low', partitioned: true } as const
      const app = serve(session({ ...SETTINGS, store, cookie }), (req, res) => {
        req.session.user = 'ann'
        res.end()
      })
      return store.records.get(sidOf(await app.get()) ?? '')
    })
    expect(stored.ours).toBe(stored.upstream)
  })
})

describe('Cookie', () => {
  it('keeps the Date object that it gets', () => {
    const expires = new Date()
    expect(new session.Cookie({ expires }).expires).toBe(expires)
  })

  it('has the defaults of a session cookie', () => {
    const { path, httpOnly, maxAge, expires, originalMaxAge } = new session.Cookie()
    expect([path, httpOnly, maxAge, expires, originalMaxAge]).toEqual(['/', true, null, null, null])
  })

  it('throws a TypeError when the options are not an object', () => {
    const create = () => new session.Cookie(5 as never)
    expect(create).toThrow(new TypeError('argument options must be a object'))
  })

  it('throws a TypeError for a maxAge that is neither a number nor a Date', () => {
    const cookie = new session.Cookie()
    const set = () => Object.assign(cookie, { maxAge: '5' })
    expect(set).toThrow(new TypeError('maxAge must be a number or Date'))
  })
})
