import { describe, expect, it } from 'vitest'
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
