import { afterEach, describe, expect, it, vi } from 'vitest'
import session, { type SessionOptions } from '../../src'
import { hosts, type Layer, type Req, serve } from '../support/app'
import { cookieOf, readSetCookie, setCookies, sidOf, signedCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')
const EPOCH = 'Thu, 01 Jan 1970 00:00:00 GMT'
const EXPIRED = `connect.sid=; Path=/; Expires=${EPOCH}; HttpOnly`

const destroy: Layer = (req, res) => void req.session.destroy(() => res.end('bye'))
const destroyAsync: Layer = async (req, res) => {
  await req.session.destroy()
  res.writeHead(302, { Location: '/' }).end()
}
const unset: Layer = (req, res) => {
  Object.assign(req, { session: null })
  res.end('bye')
}
const unsetByDelete: Layer = (req, res) => {
  Reflect.deleteProperty(req, 'session')
  res.end('bye')
}
const unsetInStream: Layer = (req, res) => {
  Object.assign(req, { session: null })
  res.write('by')
  setImmediate(() => res.end('e'))
}

const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
afterEach(() => {
  emit.mockClear()
})

describe.each(hosts)('clearCookie with $name', (host) => {
  it.each([
    ['destroy()', destroy, {}],
    ['destroy() and a redirect', destroyAsync, {}],
    ['req.session = null', unset, { unset: 'destroy' }],
    ['delete req.session', unsetByDelete, { unset: 'destroy' }],
    ['req.session = null before a stream', unsetInStream, { unset: 'destroy' }],
  ] as const)('deletes the cookie in the response of %s', async (_what, layer, options) => {
    const { app, store } = create(layer, options, host)
    const res = await app.get('/', COOKIE)
    expect(setCookies(res)).toEqual([EXPIRED])
    expect(store.records.size).toBe(0)
  })

  it('deletes it with the attributes that it was set with', async () => {
    const { app, store } = create(destroy, {}, host)
    const attributes = {
      domain: 'example.com',
      path: '/app',
      secure: true,
      sameSite: 'none',
      partitioned: true,
    }
    store.put('a', record({}, attributes))
    expect(readSetCookie(await app.get('/app', COOKIE))?.attributes).toEqual({
      Domain: 'example.com',
      Path: '/app',
      Expires: EPOCH,
      HttpOnly: true,
      Secure: true,
      Partitioned: true,
      SameSite: 'None',
    })
  })

  it('keeps a cookie that the same response sets, of a session or of the application', async () => {
    const assigned = create(
      async (req, res) => {
        await req.session.destroy()
        Object.assign(req, { session: { user: 'new' } })
        res.end()
      },
      {},
      host,
    )
    const res = await assigned.app.get('/', COOKIE)
    expect(setCookies(res)).toHaveLength(1)
    expect(assigned.store.record(sidOf(res))).toMatchObject({ user: 'new' })

    const own = create(
      async (req, res) => {
        await req.session.destroy()
        res.setHeader('Set-Cookie', 'connect.sid=mine; Path=/')
        res.end()
      },
      {},
      host,
    )
    expect(setCookies(await own.app.get('/', COOKIE))).toEqual(['connect.sid=mine; Path=/'])
  })

  it('warns when the session is destroyed after the headers of a stream were sent', async () => {
    const { app } = create(
      async (req, res) => {
        res.write('by')
        await req.session.destroy()
        res.end('e')
      },
      { name: `stream-${host.name.replace(/\W/g, '')}` },
      host,
    )
    const name = `stream-${host.name.replace(/\W/g, '')}`
    const res = await app.get('/', signedCookie('a', undefined, name))
    expect(setCookies(res, name)).toEqual([])
    expect(res.text).toBe('bye')
  })
})

describe('the warning SESSIONWARE_COOKIE_NOT_CLEARED', () => {
  it.each<[string, Partial<SessionOptions>, Layer, boolean]>([
    ['destroy() in a stream', {}, streamThen((req) => req.session.destroy()), true],
    [
      'unset in a stream',
      { unset: 'destroy' },
      streamThen((req) => Object.assign(req, { session: null })),
      true,
    ],
    [
      'unset in a stream, with unset: keep',
      {},
      streamThen((req) => Object.assign(req, { session: null })),
      false,
    ],
    ['a stream that changes nothing', {}, streamThen(() => {}), false],
    ['destroy() before the stream', {}, destroyAsync, false],
    [
      'a cookie of the application',
      {},
      async (req, res) => {
        await req.session.destroy()
        res.setHeader('Set-Cookie', 'connect.sid=mine')
        res.write('x')
        setImmediate(() => res.end())
      },
      false,
    ],
  ])('for %s', async (_what, options, layer, isWarned) => {
    vi.resetModules()
    const { default: fresh } = await import('../../src/index.js')
    const store = createStore(fresh)
    store.put('a', record())
    const app = serve(fresh({ ...SETTINGS, store, clearCookie: true, diagnostics: true, ...options }), layer)
    await app.get('/', COOKIE)
    const codes = emit.mock.calls.map(([, options]) => (options as { code?: string } | undefined)?.code)
    expect(codes.filter((code) => code === 'SESSIONWARE_COOKIE_NOT_CLEARED')).toHaveLength(isWarned ? 1 : 0)
  })
})

describe('clearCookie', () => {
  it.each([
    ['without the option', { clearCookie: false }],
    ["with unset: 'keep'", {}],
  ])('deletes no cookie %s', async (_what, options) => {
    const { app } = create('clearCookie' in options ? destroy : unset, options)
    expect(setCookies(await app.get('/', COOKIE))).toEqual([])
  })

  it('deletes no cookie at regenerate(), also if the new session stays empty', async () => {
    const { app, store } = create(async (req, res) => {
      await req.session.regenerate()
      res.end()
    })
    expect(setCookies(await app.get('/', COOKIE))).toEqual([])
    expect(store.records.size).toBe(0)
  })

  it.each([destroy, unset])('deletes no cookie of an id that the store does not know', async (layer) => {
    const { app } = create(layer, { unset: 'destroy' })
    expect(setCookies(await app.get('/', signedCookie('unknown')))).toEqual([])
    expect(setCookies(await app.get('/'))).toEqual([])
    expect(setCookies(await app.get('/', 'connect.sid=forged'))).toEqual([])
  })

  it('deletes no cookie of a session that another request has ended meanwhile', async () => {
    const { app } = create(async (req, res) => {
      if (req.url === '/') await app.get('/logout', COOKIE)
      await req.session.destroy()
      res.end()
    })
    expect(setCookies(await app.get('/', COOKIE))).toEqual([])
  })

  it('adds to what the application deletes itself', async () => {
    const { app } = create(async (req, res) => {
      await req.session.destroy()
      res.setHeader('Set-Cookie', `connect.sid=; Path=/; Expires=${EPOCH}`)
      res.end()
    })
    expect(setCookies(await app.get('/', COOKIE))).toHaveLength(2)
  })

  it('deletes the cookie of a session that was regenerated and destroyed in one request', async () => {
    const { app } = create(async (req, res) => {
      await req.session.regenerate()
      req.session.user = 'new'
      await req.session.destroy()
      res.end()
    })
    expect(setCookies(await app.get('/', COOKIE))).toEqual([EXPIRED])
  })

  it('deletes the cookie even if the store fails', async () => {
    const { app, store } = create(destroy)
    store.fail('destroy', new Error('stuck'))
    expect(setCookies(await app.get('/', COOKIE))).toEqual([EXPIRED])
  })

  it('deletes the cookie when the session assigned after destroy() holds nothing', async () => {
    const { app } = create(async (req, res) => {
      await req.session.destroy()
      Object.assign(req, { session: {} })
      res.end()
    })
    expect(setCookies(await app.get('/', COOKIE))).toEqual([EXPIRED])
  })

  it('deletes a cookie once where two middlewares use it', async () => {
    const log: Layer = (req, _res, next) => void req.session.destroy(next as never)
    const serveTwice = (layer: Layer) => {
      const store = createStore()
      store.put('a', record({ user: 'ann' }))
      const middleware = () => session({ ...SETTINGS, store, clearCookie: true })
      return serve(middleware(), log, middleware(), layer)
    }
    const app = serveTwice(countViews)
    expect(setCookies(await app.get('/', COOKIE))).toEqual([expect.stringMatching(/^connect\.sid=s%3A/)])
    const quiet = serveTwice((_req, res) => res.end())
    expect(setCookies(await quiet.get('/', COOKIE))).toEqual([EXPIRED])
  })
})

describe('clearCookie of two middlewares with different names on one application', () => {
  const cookies = `${signedCookie('a', undefined, 'outer')}; ${signedCookie('b', undefined, 'inner')}`

  it.each(['outer', 'inner'] as const)(
    'deletes no cookie but that of the session that ended: %s',
    async (name) => {
      const store = createStore()
      store.put('a', record({ user: 'ann' }))
      store.put('b', record({ user: 'bob' }))
      const named = (name: string) => session({ ...SETTINGS, store, clearCookie: true, name })
      const sessions: Record<string, Req['session']> = {}
      const hide: Layer = (req, _res, next) => {
        sessions.outer = req.session
        Object.defineProperty(req, 'session', { value: undefined, configurable: true, writable: true })
        next()
      }
      const app = serve(named('outer'), hide, named('inner'), async (req, res) => {
        sessions.inner = req.session
        await sessions[name]?.destroy()
        res.end()
      })
      const res = await app.get('/', cookies)
      expect(setCookies(res, 'outer')).toEqual([])
      expect(setCookies(res, 'inner')).toHaveLength(name === 'inner' ? 1 : 0)
      expect([...store.records.keys()]).toEqual([name === 'inner' ? 'a' : 'b'])
    },
  )
})

/** A login replaces the cookie while another request of the old id destroys its session. */
describe.each(hosts)('a login during a request that destroys the old session, with $name', (host) => {
  const login: Layer = async (req, res) => {
    await req.session.regenerate()
    req.session.user = 'ann'
    res.end()
  }
  const start = (race: (login: () => Promise<string>, destroy: () => Promise<void>) => Promise<string>) => {
    let cookie = ''
    const { app } = create(
      async (req, res, next) => {
        if (req.url === '/login') return void login(req, res, next)
        if (req.url === '/user') return void res.end(String(req.session.user))
        cookie = await race(
          async () => cookieOf(await app.get('/login', COOKIE)),
          () => req.session.destroy() as Promise<void>,
        )
        res.end()
      },
      {},
      host,
    )
    return { app, cookieOfLogin: () => cookie }
  }

  it.each([
    [
      'before',
      async (log: () => Promise<string>, end: () => Promise<void>) => {
        const cookie = await log()
        await end()
        return cookie
      },
    ],
    [
      'after',
      async (log: () => Promise<string>, end: () => Promise<void>) => {
        await end()
        return log()
      },
    ],
    [
      'while',
      async (log: () => Promise<string>, end: () => Promise<void>) => {
        const [cookie] = await Promise.all([log(), end()])
        return cookie
      },
    ],
  ] as const)('keeps the cookie of a login %s it destroys', async (_when, race) => {
    const { app, cookieOfLogin } = start(race)
    expect(setCookies(await app.get('/logout', COOKIE))).toEqual([])
    expect((await app.get('/user', cookieOfLogin())).text).toBe('ann')
  })
})

function streamThen(change: (req: Parameters<Layer>[0]) => unknown): Layer {
  return async (req, res) => {
    res.write('by')
    await new Promise(setImmediate)
    await change(req)
    res.end('e')
  }
}

function create(layer: Layer, options: Partial<SessionOptions> = {}, host?: (typeof hosts)[number]) {
  const store = createStore()
  store.put('a', record({ user: 'ann' }))
  const serveWith = host?.serve ?? serve
  return { store, app: serveWith(session({ ...SETTINGS, store, clearCookie: true, ...options }), layer) }
}
