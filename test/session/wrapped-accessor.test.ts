import { describe, expect, it, vi } from 'vitest'
import { express5Host, hosts, type Layer, nodeHost, type Req } from '../support/app'
import { cookieOf, signedCookie } from '../support/cookies'
import { answer, countViews } from '../support/handlers'
import { compare, ours, type SessionModule, upstream } from '../support/implementations'
import { crashesOf } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

type Wrapper = (req: Req, see: (value: unknown) => void) => void

const descriptorOf = (req: Req) => Object.getOwnPropertyDescriptor(req, 'session') as PropertyDescriptor
const read = (req: Req, { get, value }: PropertyDescriptor) => (get ? get.call(req) : value)

/** Properties that an application puts in the place of `req.session`. They see each value that the accessor gives. */
const wrappers: Record<string, Wrapper> = {
  'a getter that gives a proxy of the session': (req, see) => {
    const before = descriptorOf(req)
    define(
      req,
      () => {
        const session = read(req, before)
        see(session)
        return session && new Proxy(session, {})
      },
      before.set,
    )
  },
  'a getter that gives the session itself': (req, see) => {
    const before = descriptorOf(req)
    define(
      req,
      () => {
        const session = read(req, before)
        see(session)
        return session
      },
      before.set?.bind(req),
    )
  },
  'a getter without a setter': (req, see) => {
    const before = descriptorOf(req)
    define(
      req,
      () => {
        const session = read(req, before)
        see(session)
        return session
      },
      undefined,
    )
  },
}

const wrapBy =
  (wrap: Wrapper, see: (value: unknown) => void): Layer =>
  (req, _res, next) => {
    wrap(req, see)
    next()
  }

describe.each(Object.entries(wrappers))('%s', (_what, wrap) => {
  it.each(hosts)('works with $name, and sees sessions only', async (host) => {
    const seen: unknown[] = []
    const store = createStore()
    store.put('a', record({ views: 5 }))
    const middleware = ours({ ...SETTINGS, store }) as Layer
    const app = host.serve(
      middleware,
      wrapBy(wrap, (value) => seen.push(value)),
      countViews,
    )
    const cookie = cookieOf(await app.get())
    expect((await app.get('/', cookie)).text).toBe('2')
    expect((await app.get('/', signedCookie('a'))).text).toBe('6')
    expect(app.errors).toEqual([])
    expect(seen.every((value) => value instanceof ours.Session)).toBe(true)
  })

  it.each(hosts)('does no harm with $name if no handler reads the session', async (host) => {
    const store = createStore()
    store.put('a', record({ views: 5 }))
    const seen: unknown[] = []
    const wrapped = wrapBy(wrap, (value) => seen.push(value))
    const app = host.serve(ours({ ...SETTINGS, store }) as Layer, wrapped, answer)
    expect([(await app.get()).status, (await app.get('/', signedCookie('a'))).status]).toEqual([200, 200])
    expect(store.methods()).toEqual(['get', 'touch'])
    expect(seen.every((value) => value instanceof ours.Session)).toBe(true)
    expect(app.errors).toEqual([])
  })
})

describe('a spy on the getter of req.session', () => {
  it.each(hosts)('sees sessions only with $name', async (host) => {
    const seen: unknown[] = []
    const spied: Layer = (req, _res, next) => {
      const spy = vi.spyOn(req, 'session', 'get')
      next()
      seen.push(...spy.mock.results.map(({ value }) => value))
    }
    const app = host.serve(ours(SETTINGS) as Layer, spied, countViews)
    expect((await app.get('/', cookieOf(await app.get()))).text).toBe('2')
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every((value) => value instanceof ours.Session)).toBe(true)
  })
})

describe('a request that stands for another one', () => {
  const stands: Record<string, (req: Req) => Req> = {
    'a proxy': (req) => new Proxy(req, {}),
    'an object made from it': (req) => Object.create(req),
  }

  it.each(Object.entries(stands))('has the same session, as %s', async (_what, make) => {
    const views = await compare(async (session) => {
      const app = nodeHost.serve(session(SETTINGS) as Layer, (req, res, next) =>
        countViews(make(req), res, next),
      )
      return (await app.get('/', cookieOf(await app.get()))).text
    })
    expect(views).toEqual({ ours: '2', upstream: '2' })
  })

  it.each(Object.entries(stands))('can be given to the middleware, as %s', async (_what, make) => {
    const views = await compare(async (session) => {
      const middleware = session(SETTINGS) as Layer
      const app = nodeHost.serve((req, res, next) => {
        const stand = make(req)
        middleware(stand, res, (err) => (err ? next(err) : countViews(stand, res, next)))
      })
      return (await app.get('/', cookieOf(await app.get()))).text
    })
    expect(views).toEqual({ ours: '2', upstream: '2' })
  })
})

describe('a property session that the request has before', () => {
  const before: Record<string, (req: Req) => void> = {
    'that is undefined and not configurable': (req) =>
      Object.defineProperty(req, 'session', { value: undefined, writable: true }),
    'that is null': (req) => Object.assign(req, { session: null }),
    'with a setter that the application needs': (req) => {
      let session: unknown
      Object.defineProperty(req, 'session', { get: () => session, set: (value) => (session = value) })
    },
    'with a setter of its prototype': (req) => {
      let session: unknown
      const proto = Object.create(Object.getPrototypeOf(req), {
        session: { get: () => session, set: (value) => (session = value) },
      })
      Object.setPrototypeOf(req, proto)
    },
    'with its id, both not configurable': (req) => {
      for (const name of ['session', 'sessionID']) {
        Object.defineProperty(req, name, { value: undefined, writable: true })
      }
    },
    'with its id, not configurable': (req) =>
      Object.defineProperty(req, 'sessionID', { value: undefined, writable: true }),
  }

  it.each(Object.entries(before))('%s, is set', async (_what, prepare) => {
    for (const host of hosts) {
      const run = async (session: SessionModule) => {
        const prepared: Layer = (req, _res, next) => {
          prepare(req)
          next()
        }
        const app = host.serve(prepared, session(SETTINGS) as Layer, countViews)
        const cookie = cookieOf(await app.get())
        return [(await app.get('/', cookie)).text, app.errors]
      }
      expect(await run(ours)).toEqual(['2', []])
      if (host.name !== 'HTTP/2') expect(await run(upstream)).toEqual(['2', []])
    }
  })

  it('can be destroyed and regenerated, though it cannot be deleted', async () => {
    const prepared: Layer = (req, _res, next) => {
      Object.defineProperty(req, 'session', { value: undefined, writable: true })
      next()
    }
    const store = createStore()
    const app = express5Host.serve(prepared, ours({ ...SETTINGS, store }) as Layer, async (req, res) => {
      if (req.url === '/logout') await req.session.destroy()
      else await req.session.regenerate()
      if (req.session) req.session.user = 'ada'
      res.end()
    })
    await app.get('/logout', cookieOf(await app.get('/login')))
    expect([store.records.size, app.errors]).toEqual([0, []])
  })
})

describe('a request that can have no session', () => {
  const locked: Record<string, (req: Req) => void> = {
    'is frozen': Object.freeze,
    'is sealed': Object.seal,
    'is not extensible': Object.preventExtensions,
    'has a session that is not writable': (req) => Object.defineProperty(req, 'session', { value: null }),
    'has a session without a setter': (req) =>
      Object.defineProperty(req, 'session', { get: () => undefined }),
    'has a getter of the session that throws': (req) =>
      Object.defineProperty(req, 'session', {
        get() {
          throw new Error('no session here')
        },
      }),
  }

  it.each(Object.entries(locked))('is an error for next, if it %s', async (_what, lock) => {
    const store = createStore()
    store.put('a', record({ views: 5 }))
    const middleware = ours({ ...SETTINGS, store }) as Layer
    const crashes = await crashesOf(async () => {
      const app = nodeHost.serve((req, res, next) => {
        // Node itself cannot use a frozen request, but a framework may pass on an object made from it.
        const locked = Object.create(req)
        lock(locked)
        middleware(locked, res, next)
      }, countViews)
      for (const cookie of [undefined, signedCookie('a')])
        expect((await app.get('/', cookie)).status).toBe(500)
      expect(app.errors).toHaveLength(2)
    })
    expect(crashes).toEqual([])
  })
})

function define(req: Req, get: () => unknown, set?: (value: unknown) => void) {
  const property = { get, set, configurable: true } as PropertyDescriptor
  Object.defineProperty(req, 'session', property)
}
