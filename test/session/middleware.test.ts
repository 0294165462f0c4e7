import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, nodeHost, serve } from '../support/app'
import { cookieOf, setCookies, sidOf, signedCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { compare } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe.each(hosts)('the middleware with $name', (host) => {
  it('gives each client a separate session', async () => {
    const app = host.serve(session(SETTINGS), countViews)
    const [ann, bob] = [cookieOf(await app.get()), cookieOf(await app.get())]
    await app.get('/', ann)
    expect((await app.get('/', ann)).text).toBe('3')
    expect((await app.get('/', bob)).text).toBe('2')
  })

  it.each([{ own: 'x=1' }, { own: ['x=1', 'y=2'] }])(
    'adds its cookie to the cookies that the application set: $own',
    async ({ own }) => {
      const setOwn: Layer = (req, res, next) => {
        res.setHeader('Set-Cookie', own)
        countViews(req, res, next)
      }
      const res = await host.serve(session(SETTINGS), setOwn).get()
      expect(res.headers['set-cookie']).toEqual([own].flat().concat(setCookies(res)))
      expect(setCookies(res)).toHaveLength(1)
    },
  )
})

describe('the middleware', () => {
  it('works for an empty URL', async () => {
    const empty: Layer = (req, _res, next) => {
      Object.assign(req, { url: '', originalUrl: '' })
      next()
    }
    expect((await nodeHost.serve(empty, session(SETTINGS), countViews).get()).text).toBe('1')
  })

  it('makes only the data of a session enumerable', async () => {
    const keys = await compare(async (session) => {
      const app = serve(session(SETTINGS), (req, res) => {
        const keys: string[] = []
        req.session.value = 1
        for (const key in req.session) keys.push(key)
        res.end(keys.join())
      })
      return (await app.get()).text
    })
    expect(keys).toEqual({ ours: 'cookie,value', upstream: 'cookie,value' })
  })

  it('saves a change in a nested key named cookie', async () => {
    const store = createStore()
    store.put('a', record({ value: { cookie: 'old' } }))
    const change: Layer = (req, res) => {
      req.session.value = { cookie: 'new' }
      res.end()
    }
    await serve(session({ ...SETTINGS, store }), change).get('/', COOKIE)
    expect(store.record('a').value).toEqual({ cookie: 'new' })
  })

  it('does not save a new session when only its cookie’s attributes were changed', async () => {
    const calls = await compare(async (session) => {
      const store = createStore(session)
      const app = serve(session({ ...SETTINGS, store }), (req, res) => {
        req.session.cookie.httpOnly = false
        res.end()
      })
      return [...setCookies(await app.get()), ...store.calls]
    })
    expect(calls).toEqual({ ours: [], upstream: [] })
  })

  it('does not write again data that was saved after a reload', async () => {
    const store = createStore()
    store.put('a', record())
    const saveReloaded: Layer = (req, res) => {
      req.session.reload(() => {
        req.session.value = 'new'
        req.session.save(() => res.end())
      })
    }
    await serve(session({ ...SETTINGS, store }), saveReloaded).get('/', COOKIE)
    expect(store.methods()).toEqual(['get', 'get', 'set', 'touch'])
  })

  it('ends a session whose cookie’s expiry is set to the past', async () => {
    const views = await compare(async (session) => {
      const app = serve(session(SETTINGS), (req, res, next) => {
        if (req.url === '/end') req.session.cookie.expires = new Date(0)
        countViews(req, res, next)
      })
      const cookie = cookieOf(await app.get())
      await app.get('/end', cookie)
      return (await app.get('/', cookie)).text
    })
    expect(views).toEqual({ ours: '1', upstream: '1' })
  })

  it('stores 200 kB of data with control characters and emoji', async () => {
    const value = `${'x'.repeat(200_000)}"\\\u0000\u2028\ud83d\ude00é`
    const store = createStore()
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      const before = req.session.value
      req.session.value = value
      res.end(String(before === value))
    })
    const first = await app.get()
    expect((await app.get('/', cookieOf(first))).text).toBe('true')
    expect(store.record(sidOf(first)).value).toBe(value)
  })
})
