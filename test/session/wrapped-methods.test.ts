import { describe, expect, it, vi } from 'vitest'
import { type Layer, serve } from '../support/app'
import { cookieOf, sidOf, signedCookie } from '../support/cookies'
import { show } from '../support/handlers'
import type { SessionModule } from '../support/implementations'
import { libraries } from '../support/libraries'
import { record } from '../support/records'
import { logIn } from '../support/session-app'
import { SETTINGS } from '../support/settings'

type MemoryStore = InstanceType<SessionModule['MemoryStore']>
type Method = (...args: unknown[]) => unknown

/** Ways in which applications and their tools wrap a method. */
const wraps: Record<string, (method: Method, note: () => void) => Method> = {
  'a Proxy': (method, note) =>
    new Proxy(method, {
      apply(target, self, args) {
        note()
        return Reflect.apply(target, self, args)
      },
    }),
  'a function that copies the enumerable properties': (method, note) =>
    Object.assign(noting(method, note), method),
  'a function that copies all properties': (method, note) =>
    Object.defineProperties(noting(method, note), Object.getOwnPropertyDescriptors(method)),
}

const showUser: Layer = (req, res, next) =>
  req.url === '/login' ? logIn(req, res, () => res.end()) : show(() => req.session.user)(req, res, next)

describe.each(libraries)('a MemoryStore with $library', ({ session }) => {
  it.each(Object.entries(wraps))('is called through %s around its methods', async (_what, wrap) => {
    const store = new session.MemoryStore()
    const calls: string[] = []
    for (const name of ['get', 'set', 'touch'] as const) {
      const wrapped = wrap(store[name] as Method, () => calls.push(name))
      Object.assign(store, { [name]: wrapped })
    }
    const app = serve(session({ ...SETTINGS, store }), showUser)
    const cookie = cookieOf(await app.get('/login'))
    expect((await app.get('/', cookie)).text).toBe('"ada"')
    expect(calls).toEqual(['set', 'get', 'touch'])
  })

  it('is called through spies on the store', async () => {
    const store = new session.MemoryStore()
    const spies = (['set', 'get', 'touch'] as const).map((name) => vi.spyOn(store, name))
    const app = serve(session({ ...SETTINGS, store }), showUser)
    const login = await app.get('/login')
    await app.get('/', cookieOf(login))
    expect(spies.map((spy) => spy.mock.calls.map(([sid]) => sid))).toEqual(Array(3).fill([sidOf(login)]))
  })

  it('stores the changes of a wrapped set, and serves the changes of a wrapped get', async () => {
    const store = new session.MemoryStore()
    const { get, set } = store
    store.set = (sid, data, done) => set.call(store, sid, { ...data, value: 'set' } as never, done)
    store.get = (sid, done) =>
      get.call(store, sid, (err, data) => done(err, { ...data, user: 'get' } as never))
    const seen = show(({ session: { user, value } }) => [user, value])
    const app = serve(session({ ...SETTINGS, store }), (req, res, next) =>
      req.url === '/login' ? showUser(req, res, next) : seen(req, res, next),
    )
    expect((await app.get('/', cookieOf(await app.get('/login')))).text).toBe('["get","set"]')
  })
})

describe.each(libraries)('a MemoryStore with one wrapped method, with $library', ({ session }) => {
  it.each(['get', 'set', 'touch'] as const)(
    'keeps the data of a session that no handler reads while %s is wrapped',
    async (name) => {
      const store = new session.MemoryStore()
      vi.spyOn(store, name)
      const app = serve(session({ ...SETTINGS, store, resave: true }), (req, res, next) =>
        req.url === '/unseen' ? res.end() : showUser(req, res, next),
      )
      const cookie = cookieOf(await app.get('/login'))
      await app.get('/unseen', cookie)
      expect((await app.get('/', cookie)).text).toBe('"ada"')
    },
  )
})

type Change = (record: { value?: unknown; cookie: { path?: unknown } }) => void

const overrides: Record<string, (session: SessionModule, change: Change) => MemoryStore> = {
  'an instance': (session, change) => {
    const store = new session.MemoryStore()
    const { createSession } = store
    store.createSession = (req, record) => {
      change(record as never)
      return createSession.call(store, req, record)
    }
    return store
  },
  'a subclass': (session, change) => {
    class Changing extends session.MemoryStore {
      override createSession(...[req, record]: Parameters<MemoryStore['createSession']>) {
        change(record as never)
        return super.createSession(req, record)
      }
    }
    return new Changing()
  },
}

describe.each(libraries)('createSession of a MemoryStore with $library', ({ session }) => {
  const stored = record({ value: { deep: ['old'] } })

  async function visit(override: (typeof overrides)[string], change: Change) {
    const store = override(session, change)
    store.set('a', stored as never)
    // Without touch, only the overridden method can change the stored record.
    store.touch = undefined as never
    const seen = show((req) => [req.session.value, req.session.cookie.path])
    const { text } = await serve(session({ ...SETTINGS, store }), seen).get('/', signedCookie('a'))
    return { text, kept: JSON.parse((store.sessions as { a: string }).a) }
  }

  describe.each(Object.entries(overrides))('overridden on %s', (_where, override) => {
    it('is given the whole record', async () => {
      const given: string[] = []
      await visit(override, (record) => given.push(JSON.stringify(record)))
      expect(given.map((json) => JSON.parse(json))).toEqual([stored])
    })

    it('may change the session', async () => {
      const { text } = await visit(override, (record) => {
        record.value = 'new'
        record.cookie.path = '/new'
      })
      expect(text).toBe('["new","/new"]')
    })

    it('cannot change the stored record', async () => {
      const { kept } = await visit(override, (record) => {
        record.cookie.path = '/new'
        ;(record.value as { deep: string[] }).deep.push('new')
      })
      expect(kept).toEqual(stored)
    })
  })
})

function noting(method: Method, note: () => void): Method {
  return function (this: unknown, ...args) {
    note()
    return method.apply(this, args)
  }
}
