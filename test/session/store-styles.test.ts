import { describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { type Layer, serve } from '../support/app'
import { cookieOf, signedCookie } from '../support/cookies'
import { SETTINGS } from '../support/settings'
import { storeWith } from '../support/store'
import { styles } from './store-styles'

type Done = (err?: unknown, record?: unknown) => void

const routes: Layer = async (req, res) => {
  if (req.url === '/logout') await req.session.destroy()
  else if (req.url === '/login') await req.session.regenerate()
  else if (req.url === '/reload') await req.session.reload()
  if (req.session) req.session.views = (req.session.views ?? 0) + 1
  res.end(String(req.session?.views))
}

describe.each(Object.keys(styles))('a store that %s', (style) => {
  it('loads, saves, touches, reloads and destroys sessions', async () => {
    const { app, map } = create(style)
    const first = await app.get()
    const cookie = cookieOf(first)
    expect((await app.get('/', cookie)).text).toBe('2')
    expect((await app.get('/reload', cookie)).text).toBe('3')
    expect((await app.get('/logout', cookie)).text).toBe('undefined')
    expect((await app.get('/', cookie)).text).toBe('1')
    expect(app.errors).toEqual([])
    expect(map.size).toBe(1)
  })

  it('regenerates sessions', async () => {
    const { app } = create(style)
    const before = cookieOf(await app.get())
    const login = await app.get('/login', before)
    expect(login.text).toBe('1')
    expect((await app.get('/', cookieOf(login))).text).toBe('2')
    expect((await app.get('/', before)).text).toBe('1')
  })

  it('starts a new session for an unknown id', async () => {
    const { app, map } = create(style)
    const cookie = cookieOf(await app.get())
    map.clear()
    expect((await app.get('/logout', cookie)).status).toBe(200)
    const res = await app.get('/', cookie)
    expect([res.status, res.text]).toEqual([200, '1'])
  })
})

describe('the value of a promise that a store method returns', () => {
  it('is ignored when the method declares a callback', async () => {
    const store = storeWith({
      async get(_sid: string, done: Done) {
        setImmediate(() => done(null, undefined))
        return { user: 'somebody else', cookie: {} }
      },
    })
    const app = serve(session({ ...SETTINGS, store: withWrites(store) }), (req, res) =>
      res.end(String(req.session.user)),
    )
    expect((await app.get('/', signedCookie('a'))).text).toBe('undefined')
  })
})

describe('a promise store whose methods hand on what they are given', () => {
  const real = (map: Map<string, string>): Record<string, (...args: never[]) => unknown> => ({
    get: async (sid: string) => JSON.parse(map.get(sid) ?? 'null'),
    set: async (sid: string, sess: object) => void map.set(sid, JSON.stringify(sess)),
    touch: async (_sid: string, _sess: object) => {},
    destroy: async (sid: string) => void map.delete(sid),
  })
  const forwards: Record<string, (method: (...args: never[]) => unknown) => unknown> = {
    'by bind': (method) => method.bind(null),
    'by a tracer':
      (method) =>
      async (...args: never[]) =>
        method(...args),
  }

  it.each(Object.keys(forwards))('is waited for at the first call of a method alone, %s', async (way) => {
    const methods = Object.entries(real(new Map())).map(([name, method]) => [name, forwards[way]?.(method)])
    const store = storeWith(Object.fromEntries(methods))
    const app = serve(session({ ...SETTINGS, store }), routes)
    const wait = vi.spyOn(globalThis, 'setTimeout')
    const waits = () => wait.mock.calls.filter(([, ms]) => ms === 250).length
    try {
      await app.get('/logout', cookieOf(await app.get()))
      const learnt = waits()
      for (let i = 0; i < 3; i++) {
        expect((await app.get('/logout', cookieOf(await app.get()))).text).toBe('undefined')
      }
      expect([learnt, waits()]).toEqual([2, 2])
    } finally {
      wait.mockRestore()
    }
    expect(app.errors).toEqual([])
  })
})

function create(style: string) {
  const map = new Map<string, string>()
  const store = storeWith(styles[style]?.(map) ?? {})
  return { map, app: serve(session({ ...SETTINGS, store: store as never }), routes) }
}

function withWrites(store: object) {
  return Object.assign(store, {
    set: (_sid: string, _sess: object, done: Done) => done(),
    destroy: (_sid: string, done: Done) => done(),
  }) as never
}
