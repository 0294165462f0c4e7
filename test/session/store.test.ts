import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { cookieOf, signedCookie } from '../support/cookies'
import { answer, countViews, show } from '../support/handlers'
import { libraries } from '../support/libraries'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

describe.each(libraries)(
  'a Store that gets its methods after session() was called, with $library',
  ({ session }) => {
    it('is used from then on', async () => {
      const store = new (session.Store as unknown as new () => object)()
      const app = serve(session({ ...SETTINGS, store: store as never }), countViews)
      const { get, set, destroy } = createStore(session)
      Object.assign(store, { get, set, destroy })
      expect((await app.get('/', cookieOf(await app.get()))).text).toBe('2')
    })
  },
)

describe('store', () => {
  it('is a new MemoryStore by default', async () => {
    const app = serve(
      session(SETTINGS),
      show((req) => req.sessionStore instanceof session.MemoryStore),
    )
    expect((await app.get()).text).toBe('true')
  })

  it('is not shared by default', async () => {
    const cookie = cookieOf(await serve(session(SETTINGS), countViews).get())
    expect((await serve(session(SETTINGS), countViews).get('/', cookie)).text).toBe('1')
  })

  it('is at req.sessionStore', async () => {
    const store = createStore()
    const app = serve(session({ ...SETTINGS, store }), (req, res) =>
      res.end(String(req.sessionStore === store)),
    )
    expect((await app.get()).text).toBe('true')
  })

  it('may be any emitter with get, set and destroy', async () => {
    const records = new Map<string, string>()
    const store = Object.assign(new EventEmitter(), {
      get: (sid: string, done: Done) => done(null, JSON.parse(records.get(sid) ?? 'null')),
      set(sid: string, sess: object, done: Done) {
        records.set(sid, JSON.stringify(sess))
        done()
      },
      destroy: (_sid: string, done: Done) => done(),
    })
    const app = serve(session({ ...SETTINGS, store: store as never }), countViews)
    const cookie = cookieOf(await app.get())
    expect((await app.get('/', cookie)).text).toBe('2')
  })

  it.each(hosts)('is read once and written once in a request with $name', async (host) => {
    const store = createStore()
    store.put('a', record())
    const app = host.serve(session({ ...SETTINGS, store }), countViews)
    await app.get('/', signedCookie('a'))
    expect(store.calls).toEqual(['get a', 'set a'])
  })

  it('is not read without a cookie and not written for an empty new session', async () => {
    const store = createStore()
    await serve(session({ ...SETTINGS, store }), answer).get()
    expect(store.calls).toEqual([])
  })

  it('is only touched when nothing changed', async () => {
    const store = createStore()
    store.put('a', record())
    await serve(session({ ...SETTINGS, store }), answer).get('/', signedCookie('a'))
    expect(store.calls).toEqual(['get a', 'touch a'])
  })

  it('is not written when nothing changed and it has no touch', async () => {
    const store = createStore()
    store.put('a', record())
    Object.assign(store, { touch: undefined })
    const app = serve(session({ ...SETTINGS, store }), answer)
    expect((await app.get('/', signedCookie('a'))).status).toBe(200)
    expect(store.calls).toEqual(['get a'])
  })

  it.each([
    { what: 'a class', store: session.MemoryStore },
    { what: 'a string', store: 'redis' },
    { what: 'an object without methods', store: {} },
    { what: 'a client without get', store: Object.assign(new EventEmitter(), { set() {}, destroy() {} }) },
  ])('throws a TypeError that names the option when it is $what', ({ store }) => {
    const create = () => session({ ...SETTINGS, store: store as never })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(/store option must/)
  })
})

describe('an error of the store', () => {
  it.each(hosts)('from get reaches the error handler with $name', async (host) => {
    const store = createStore()
    store.fail('get', new Error('away'))
    const res = await host.serve(session({ ...SETTINGS, store }), answer).get('/', signedCookie('a'))
    expect([res.status, res.text]).toEqual([500, 'away'])
  })

  it.each(hosts)('from get with the code ENOENT means that there is no session with $name', async (host) => {
    const store = createStore()
    store.fail('get', Object.assign(new Error('no such file'), { code: 'ENOENT' }))
    const app = host.serve(session({ ...SETTINGS, store }), countViews)
    expect((await app.get('/', signedCookie('a'))).text).toBe('1')
    expect(app.errors).toEqual([])
  })

  it.each(hosts)(
    'from set does not change the response and reaches the error handler with $name',
    async (host) => {
      const store = createStore()
      store.fail('set', new Error('full'))
      const app = host.serve(session({ ...SETTINGS, store }), countViews)
      const res = await app.get()
      expect([res.status, res.text]).toEqual([200, '1'])
      expect(app.errors.map((err) => err.message)).toEqual(['full'])
    },
  )
})

describe('a session that another middleware has already loaded', () => {
  it('is not replaced', async () => {
    const store = createStore()
    const outer = session({ ...SETTINGS, store })
    const inner = session({ ...SETTINGS, secret: 'other', name: 'other' })
    const app = serve(outer, inner, countViews)
    expect((await app.get()).headers['set-cookie']).toHaveLength(1)
    expect(store.methods()).toEqual(['set'])
  })
})

type Done = (err?: unknown, record?: unknown) => void
