import { describe, expect, it } from 'vitest'
import session, { type SessionOptions } from '../../src'
import { RedisStore } from '../../src/stores/redis'
import type { Layer } from '../support/app'
import { cookieOf } from '../support/cookies'
import { createStore, storeWith } from '../support/store'
import { FakeRedis } from '../unit/stores/redis/fake-redis'
import { addSecret } from './no-secrets'
import { change, toldApp } from './told'

/** Ends the session of the request as another process would do it: its record is gone while the handler runs. */
const changeWhenGone =
  (store: { destroy(sid: string, done: () => void): void }): Layer =>
  (req, res, next) => {
    if (!req.headers.cookie) return change(req, res, next)
    return store.destroy(req.sessionID, () => change(req, res, next))
  }

describe('SESSIONWARE_SESSION_GONE', () => {
  it('is told of a changed session whose record is gone', async () => {
    const store = createStore()
    const app = toldApp({ store, saveMode: 'merge' }, [changeWhenGone(store)])
    await app.get('/', cookieOf(await app.get()))
    expect(app.wrong()).toEqual([
      {
        code: 'SESSIONWARE_SESSION_GONE',
        message:
          'a changed session was not saved, because its record is gone: it was destroyed or has expired while the request ran',
        detail: {},
      },
    ])
  })

  it.each<[string, Partial<SessionOptions>, Layer]>([
    ['a record that is there', { saveMode: 'merge' }, change],
    [
      'a session that the handler ends',
      { saveMode: 'merge' },
      (req, res, next) =>
        req.headers.cookie ? void req.session.destroy(() => res.end()) : change(req, res, next),
    ],
    ["saveMode: 'overwrite'", {}, change],
  ])('is not told of %s', async (_what, options, handler) => {
    const app = toldApp({ store: createStore(), ...options }, [handler])
    await app.get('/', cookieOf(await app.get()))
    expect(app.wrong()).toEqual([])
  })
})

/** Returns what is told of a store under `merge`, after one session was changed in three requests. */
async function toldOfMerging(store: object) {
  const app = toldApp({ store: store as never, saveMode: 'merge' }, [change])
  const cookie = cookieOf(await app.get())
  for (let i = 0; i < 2; i++) await app.get('/', cookie)
  return app.wrong()
}

describe('SESSIONWARE_COPIED_RECORDS', () => {
  /** A wrapper of a MemoryStore that passes on what it gets, or copies of it. */
  function wrapperOf(pass: (record: unknown) => unknown) {
    const inner = new session.MemoryStore()
    const copying = (done: (err?: unknown, record?: unknown) => void) => (err: unknown, record: unknown) =>
      done(err, typeof record === 'object' && record ? pass(record) : record)
    return {
      get: (sid: string, done: never) => inner.get(sid, copying(done) as never),
      set: (sid: string, record: never, done: never) => inner.set(sid, record, done),
      destroy: (sid: string, done: never) => inner.destroy(sid, done),
      compareAndSet: (sid: string, record: never, loaded: never, done: never) =>
        inner.compareAndSet(sid, record, loaded, copying(done) as never),
    }
  }

  it.each([
    ['is told of a wrapper that copies records', structuredClone, ['SESSIONWARE_COPIED_RECORDS']],
    ['is not told of one that passes them on', (record: unknown) => record, []],
  ])('%s', async (_what, pass, codes) => {
    const told = await toldOfMerging(wrapperOf(pass))
    expect(told.map(({ code }) => code)).toEqual(codes)
    for (const { message } of told)
      expect(message).toBe(
        'the session store gives copies of the records that its compareAndSet must know, so compareAndSet is not used: a wrapper of the store must pass the same objects on',
      )
  })
})

describe('SESSIONWARE_SET_REPLACED', () => {
  it.each([
    ['is told of a store whose set alone was replaced', ['set'], ['SESSIONWARE_SET_REPLACED']],
    ['is not told of one that replaces both', ['set', 'compareAndSet'], []],
    ['is not told of one that replaces none', [], []],
  ] as const)('%s', async (_what, names, codes) => {
    const store = new session.MemoryStore()
    for (const name of names) {
      const method = store[name] as (...args: unknown[]) => unknown
      Object.assign(store, { [name]: (...args: unknown[]) => method.apply(store, args) })
    }
    const told = await toldOfMerging(store)
    expect(told.map(({ code }) => code)).toEqual(codes)
    for (const { message } of told)
      expect(message).toBe(
        'the set() of the session store was replaced, by a subclass, a wrapper or a spy, but not its compareAndSet(), so that one is not used and processes may overwrite the changes of others: replace both, or none',
      )
  })
})

describe('sessionsOf', () => {
  const list: (store: object, userOf: (session: { user?: string }) => unknown) => Layer = (store, userOf) => {
    const sessions = session.sessionsOf(store as never, userOf as never)
    return async (req, res) => {
      req.session.user = 'ada'
      await req.session.save()
      res.end(String((await sessions.list('ada', { req })).length))
    }
  }
  const withAll = () => {
    const store = createStore()
    const all = (done: (err: unknown, sessions: object) => void) =>
      done(null, Object.fromEntries([...store.records].map(([sid, json]) => [sid, JSON.parse(json)])))
    return Object.assign(store, { all })
  }

  it('is told of, where it reads all sessions', async () => {
    const store = withAll()
    const app = toldApp({ store }, [list(store, ({ user }) => user)])
    expect((await app.get()).text).toBe('1')
    expect(app.wrong()).toEqual([
      {
        code: 'SESSIONWARE_LIST_FALLBACK',
        message:
          'sessionsOf reads all sessions of Store at each call, since it has no method findByUser: use MemoryStore, sessionware/redis or conditional() of sessionware/postgres where there are many sessions',
        detail: {},
      },
    ])
  })

  it('is told of, where its function fails for a session', async () => {
    const store = new session.MemoryStore()
    const app = toldApp({ store }, [
      list(store, ({ user }) => (user as never as { id: { name: string } }).id.name),
    ])
    expect((await app.get()).text).toBe('0')
    expect(app.wrong()).toEqual([
      {
        code: 'SESSIONWARE_USER',
        message:
          "the function of sessionsOf failed for a session, which counts as one without a user: Cannot read properties of undefined (reading 'name'). It must return undefined for a session without a user",
        detail: {},
      },
    ])
  })

  it('is not told of with an index and a function that knows all sessions', async () => {
    const store = new session.MemoryStore()
    const app = toldApp({ store }, [list(store, ({ user }) => user)])
    expect((await app.get()).text).toBe('1')
    expect(app.wrong()).toEqual([])
  })
})

describe('a store', () => {
  const methods = { get() {}, set() {}, destroy() {} }

  it.each<[code: string, what: string, make: () => object, message: string]>([
    [
      'SESSIONWARE_REDIS_TTL',
      'a ttl in seconds',
      () => new RedisStore({ client: new FakeRedis(), ttl: 3600 }),
      "RedisStore's ttl option is 3600 milliseconds: if seconds were meant, as in connect-redis, use 3600000",
    ],
    [
      'SESSIONWARE_MEMORY_STORE',
      'an option that cannot work',
      () => new session.MemoryStore({ max: '10' as never }),
      'MemoryStore\'s max option must be a number from 1 up, not "10": Infinity is used',
    ],
    [
      'SESSIONWARE_STORE',
      'only some methods',
      () => storeWith({ get() {} }),
      'store option has no method set, destroy: a store needs get, set and destroy',
    ],
  ])('is told of, by %s, with %s', (code, _what, make, message) => {
    const app = toldApp({ store: make() as never }, [change])
    expect(app.wrong()).toEqual([{ code, message, detail: expect.any(Object) }])
  })

  it.each<[what: string, make: () => object]>([
    ['a ttl in milliseconds', () => new RedisStore({ client: new FakeRedis(), ttl: 3_600_000 })],
    ['options that work', () => new session.MemoryStore({ max: 10, ttl: 60_000 })],
    ['all methods', () => storeWith(methods)],
  ])('is not told of with %s', (_what, make) => {
    expect(toldApp({ store: make() as never }, [change]).wrong()).toEqual([])
  })
})

describe('a store that fails', () => {
  it('is an error, whose text no diagnostic and no explanation repeats', async () => {
    addSecret('4vUe8RkZ0m@db.example')
    const store = createStore()
    const app = toldApp({ store }, [change])
    const cookie = cookieOf(await app.get())
    for (const method of ['get', 'set'] as const) {
      store.fail(method, new Error('no access with 4vUe8RkZ0m@db.example'))
      await app.get('/', cookie)
    }
    expect(app.errors).toHaveLength(2)
    expect(app.wrong()).toEqual([])
  })
})
