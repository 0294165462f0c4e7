import { describe, expect, it } from 'vitest'
import session from '../../src/index'
import { type Layer, serve } from '../support/app'
import { cookieOf, signedCookie } from '../support/cookies'
import { SETTINGS } from '../support/settings'
import { storeWith } from '../support/store'

type Done = (err?: unknown, record?: unknown) => void

/** Each makes the methods of a store in one style, over the same map. */
const styles: Record<string, (map: Map<string, string>) => object> = {
  'answers in the same tick': (map) => ({
    get: (sid: string, done: Done) => done(null, parse(map.get(sid))),
    set(sid: string, sess: object, done: Done) {
      map.set(sid, JSON.stringify(sess))
      done()
    },
    destroy(sid: string, done: Done) {
      map.delete(sid)
      done()
    },
  }),
  'returns its answers': (map) => ({
    get: (sid: string) => parse(map.get(sid)),
    set: (sid: string, sess: object) => map.set(sid, JSON.stringify(sess)),
    destroy: (sid: string) => map.delete(sid),
    touch: (_sid: string, _sess: object) => undefined,
  }),
  'returns nothing at all': (map) => ({
    get(sid: string) {
      return parse(map.get(sid))
    },
    set(sid: string, sess: object) {
      map.set(sid, JSON.stringify(sess))
    },
    destroy(sid: string) {
      map.delete(sid)
    },
    touch(_sid: string, _sess: object) {},
  }),
  'compares and assigns in its arrow functions': (map) => {
    const last = { sid: '' }
    return {
      get: (sid: string) => (map.has(sid) === true ? parse(map.get(sid)) : null),
      // biome-ignore lint/suspicious/noAssignInExpressions: small stores are written this way
      set: (sid: string, sess: object) => (last.sid = sid) && map.set(sid, JSON.stringify(sess)),
      destroy: (sid: string) => map.delete(sid) === true,
    }
  },
  'returns promises and takes no callback': (map) => ({
    get: async (sid: string) => parse(map.get(sid)),
    set: async (sid: string, sess: object) => void map.set(sid, JSON.stringify(sess)),
    destroy: async (sid: string) => void map.delete(sid),
    touch: async (_sid: string, _sess: object) => {},
  }),
  'is async, resolves early and calls back later': (map) => ({
    async get(sid: string, done: Done) {
      setImmediate(() => done(null, parse(map.get(sid))))
    },
    async set(sid: string, sess: object, done: Done) {
      setImmediate(() => done(map.set(sid, JSON.stringify(sess)) && null))
    },
    async destroy(sid: string, done: Done) {
      setImmediate(() => done(map.delete(sid) && null))
    },
  }),
  'has callbacks with a default': (map) => ({
    get(sid: string, done: Done = noop) {
      setImmediate(() => done(null, parse(map.get(sid))))
    },
    set(sid: string, sess: object, done: Done = noop) {
      setImmediate(() => done(map.set(sid, JSON.stringify(sess)) && null))
    },
    destroy(sid: string, done: Done = noop) {
      setImmediate(() => done(map.delete(sid) && null))
    },
  }),
  'takes its callback from arguments': (map) => ({
    get(...args: [string, Done]) {
      setImmediate(() => args[1](null, parse(map.get(args[0]))))
    },
    set(...args: [string, object, Done]) {
      map.set(args[0], JSON.stringify(args[1]))
      setImmediate(args[2])
    },
    destroy(...args: [string, Done]) {
      map.delete(args[0])
      setImmediate(args[1])
    },
  }),
  'calls back and resolves': (map) => ({
    async get(sid: string, done: Done) {
      done(null, parse(map.get(sid)))
      return parse(map.get(sid))
    },
    async set(sid: string, sess: object, done: Done) {
      map.set(sid, JSON.stringify(sess))
      done()
    },
    async destroy(sid: string, done: Done) {
      map.delete(sid)
      done()
    },
  }),
}

const noop: Done = () => {}

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

  it('starts a new session for an id it does not know', async () => {
    const { app, map } = create(style)
    const cookie = cookieOf(await app.get())
    map.clear()
    expect((await app.get('/logout', cookie)).status).toBe(200)
    const res = await app.get('/', cookie)
    expect([res.status, res.text]).toEqual([200, '1'])
  })
})

describe('the value of a promise', () => {
  it('means nothing when the method declares a callback', async () => {
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
    destroy: noop,
  }) as never
}

function parse(json: string | undefined) {
  return json === undefined ? undefined : JSON.parse(json)
}
