import { describe, expect, it } from 'vitest'
import session, { type RegenerateOptions } from '../../src'
import { hosts, type Layer, type Req, serve } from '../support/app'
import { readSetCookie, sidOf, signedCookie } from '../support/cookies'
import { ours, upstream } from '../support/implementations'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore, storeWith, type TestStore } from '../support/store'

const COOKIE = signedCookie('a')
const DATA = { user: 'ann', cart: [1] }

type Options = RegenerateOptions | undefined

const show: Layer = (req, res) => {
  const { cookie: _, ...data } = req.session
  res.end(JSON.stringify({ ...data, id: req.sessionID }))
}

/** Regenerates with these options, and answers with the new id and the data. */
function renew(options: unknown): Layer {
  return (req, res, next) => {
    req.session.regenerate(options as never, (err: unknown) => (err ? next(err) : show(req, res, next)))
  }
}

describe.each(hosts)('regenerate({ keep: true }) with $name', (host) => {
  it('gives the client its session under a new id', async () => {
    const { app, store } = create(renew({ keep: true }), { host })
    const res = await app.get('/', COOKIE)
    const { id, ...data } = JSON.parse(res.text)
    expect(data).toEqual(DATA)
    expect(sidOf(res)).toBe(id)
    expect(store.record(id)).toEqual({ ...DATA, cookie: record().cookie })
  })

  it('stores the new record before it destroys the old one, and stores it once', async () => {
    const { app, store } = create(renew({ keep: true }), { host })
    const { id } = JSON.parse((await app.get('/', COOKIE)).text)
    expect(store.calls).toEqual(['get a', `set ${id}`, 'destroy a'])
  })
})

describe('regenerate({ keep })', () => {
  it.each<[Options, object]>([
    [{ keep: ['cart'] }, { cart: [1] }],
    [{ keep: ['cart', 'missing', 'toString'] }, { cart: [1] }],
    [{ keep: ['missing'] }, {}],
    [{ keep: true }, DATA],
    [{ keep: [] }, {}],
    [{ keep: false }, {}],
    [{ keep: undefined }, {}],
    [{}, {}],
    [undefined, {}],
  ])('keeps what its options name: %j', async (options, kept) => {
    const { app } = create(renew(options))
    const { id, ...data } = JSON.parse((await app.get('/', COOKIE)).text)
    expect(data).toEqual(kept)
    expect(id).not.toBe('a')
  })

  it.each<[Options]>([[{}], [{ keep: false }], [{ keep: [] }], [{ keep: ['missing'] }]])(
    'makes the same calls as regenerate() where nothing is kept: %j',
    async (options) => {
      const { app, store } = create(renew(options))
      expect(sidOf(await app.get('/', COOKIE))).toBeUndefined()
      expect(store.calls).toEqual(['get a', 'destroy a'])
    },
  )

  it('returns a promise without a callback', async () => {
    const { app } = create(async (req, res, next) => {
      const value: unknown = await req.session.regenerate({ keep: ['user'] })
      expect(value).toBeUndefined()
      show(req, res, next)
    })
    expect(JSON.parse((await app.get('/', COOKIE)).text)).toMatchObject({ user: 'ann' })
  })

  it('returns the session when it gets a callback', async () => {
    const { app } = create((req, res) => {
      const before = req.session
      const returned = before.regenerate({ keep: true }, () =>
        res.end(String((returned as unknown) === before)),
      )
    })
    expect((await app.get('/', COOKIE)).text).toBe('true')
  })

  it.each<[unknown, string]>([
    ['cart', `regenerate() takes options like { keep: true } and a callback, not "cart"`],
    [1, 'regenerate() takes options like { keep: true } and a callback, not 1'],
    [{ keep: 'cart' }, keepError('"cart"')],
    [{ keep: null }, keepError('null')],
    [{ keep: 1 }, keepError('1')],
    [{ keep: { cart: true } }, keepError('[Object]')],
    [{ keep: ['cart', 1] }, keepError('1')],
    [{ keep: ['id'] }, keepError('"id"')],
    [{ keep: ['req'] }, keepError('"req"')],
    [{ keep: ['save'] }, keepError('"save"')],
  ])('passes a TypeError for %j to the callback, and rejects with it', async (options, message) => {
    const { app, store } = create(async (req, res) => {
      const rejected = await req.session.regenerate(options as never).catch((err: unknown) => err)
      const passed = await new Promise((resolve) => req.session.regenerate(options as never, resolve))
      for (const err of [rejected, passed]) {
        expect(err).toBeInstanceOf(TypeError)
        expect(err).toHaveProperty('message', message)
      }
      res.end(`${req.sessionID} ${req.session.user}`)
    })
    expect((await app.get('/', COOKIE)).text).toBe('a ann')
    expect(store.calls).toEqual(['get a', 'touch a'])
  })

  it('keeps changes that were made before it, and saves those that are made after it', async () => {
    const { app, store } = create(async (req, res) => {
      req.session.views = 1
      await req.session.regenerate({ keep: true })
      req.session.value = 'later'
      res.end(req.sessionID)
    })
    const { text } = await app.get('/', COOKIE)
    expect(store.record(text)).toMatchObject({ ...DATA, views: 1, value: 'later' })
    expect(store.methods()).toEqual(['get', 'set', 'destroy', 'set'])
  })

  it('keeps the data of a new session, which it need not store before the response ends', async () => {
    const { app, store } = create(async (req, res) => {
      const before = req.sessionID
      req.session.value = 1
      await req.session.regenerate({ keep: true })
      expect(req.sessionID).not.toBe(before)
      res.end(req.sessionID)
    })
    const res = await app.get()
    expect(store.calls).toEqual([`set ${res.text}`])
    expect([sidOf(res), store.record(res.text).value]).toEqual([res.text, 1])
  })

  it('does not share objects with a stored record of MemoryStore', async () => {
    const store = new session.MemoryStore()
    store.set('a', { ...record(), ...DATA } as never)
    const app = serve(session({ ...SETTINGS, store }), renew({ keep: true }))
    const { id } = JSON.parse((await app.get('/', COOKIE)).text)
    expect(Object.keys(store.sessions)).toEqual([id])
    expect(JSON.parse(store.sessions[id] ?? '')).toMatchObject(DATA)
  })

  it('needs the session of a request', async () => {
    const store = new session.MemoryStore()
    store.set('a', record() as never)
    const kept = await new Promise<Req['session']>((resolve) =>
      store.load('a', (_err, loaded) => resolve(loaded as never)),
    )
    await expect(kept.regenerate({ keep: true })).rejects.toThrow(
      'regenerate({ keep }) needs the session of a request',
    )
  })

  it('may be called twice at the same time: one session is left, and it has the data', async () => {
    const { app, store } = create(async (req, res) => {
      await Promise.all([req.session.regenerate({ keep: true }), req.session.regenerate({ keep: true })])
      res.end(req.sessionID)
    })
    const res = await app.get('/', COOKIE)
    expect([...store.records.keys()]).toEqual([res.text])
    expect(store.record(res.text)).toMatchObject(DATA)
    expect(sidOf(res)).toBe(res.text)
  })

  it('works with a genid that gives promises', async () => {
    const { app, store } = create(renew({ keep: true }), { options: { genid: async () => 'new' } })
    expect(sidOf(await app.get('/', COOKIE))).toBe('new')
    expect([...store.records.keys()]).toEqual(['new'])
  })

  it('keeps the record when genid gives the same id again', async () => {
    const { app, store } = create(renew({ keep: true }), { options: { genid: () => 'a' } })
    await app.get('/', COOKIE)
    expect(store.record('a')).toMatchObject(DATA)
  })

  it('saves what a wrapper of store.generate adds', async () => {
    const { app, store } = create(renew({ keep: true }))
    const { generate } = store
    store.generate = (req) => {
      generate(req)
      Object.assign(req.session, { value: 'added' })
    }
    const { id } = JSON.parse((await app.get('/', COOKIE)).text)
    expect(store.record(id)).toMatchObject({ ...DATA, value: 'added' })
  })
})

describe('the cookie of regenerate({ keep })', () => {
  const WEEK = 7 * 24 * 3600_000

  it.each<[Options, number | null]>([
    [{ keep: true }, WEEK],
    [{ keep: ['user', 'cookie'] }, WEEK],
    [{ keep: ['user'] }, null],
  ])(
    'has the lifetime that the application gave the session where it is kept: %j',
    async (options, lifetime) => {
      const { app, store } = create(renew(options), { stored: { ...recordFor(WEEK), ...DATA } })
      const res = await app.get('/', COOKIE)
      expect(store.record(sidOf(res)).cookie.originalMaxAge).toBe(lifetime)
      expect('Expires' in (readSetCookie(res)?.attributes ?? {})).toBe(lifetime !== null)
    },
  )

  it('starts its lifetime again', async () => {
    const expires = new Date(Date.now() + 60_000)
    const stored = record(DATA, { originalMaxAge: WEEK, expires })
    const { app, store } = create(renew({ keep: true }), { stored })
    const { cookie } = store.record(sidOf(await app.get('/', COOKIE)))
    expect(Date.parse(cookie.expires)).toBeGreaterThan(Date.now() + WEEK - 60_000)
  })
})

describe('a store that fails during regenerate({ keep: true })', () => {
  it('keeps the session as it was when the new record cannot be stored, and passes the error on', async () => {
    const { app, store } = create(async (req, res) => {
      const before = req.session
      store.fail('set', new Error('full'))
      const err = await req.session.regenerate({ keep: true }).catch((reason: Error) => reason)
      expect(req.session).toBe(before)
      res.end(`${(err as Error).message} ${req.sessionID} ${req.session.user}`)
    })
    const res = await app.get('/', COOKIE)
    expect(res.text).toBe('full a ann')
    expect(sidOf(res)).toBeUndefined()
    expect(store.methods()).toEqual(['get', 'set', 'touch'])
    expect(store.record('a')).toMatchObject(DATA)
  })

  it('keeps the session as it was when its data cannot be JSON', async () => {
    const { app } = create(async (req, res) => {
      req.session.value = 1n
      const err = await req.session.regenerate({ keep: true }).catch((reason: Error) => reason)
      req.session.value = undefined
      res.end(`${(err as Error).name} ${req.sessionID} ${req.session.user}`)
    })
    expect((await app.get('/', COOKIE)).text).toBe('TypeError a ann')
  })

  it('continues with the new session when the old one cannot be destroyed, and passes the error on', async () => {
    const { app, store } = create((req, res) => {
      store.fail('destroy', new Error('stuck'))
      req.session.regenerate({ keep: true }, (err: Error) =>
        res.end(`${err.message} ${req.sessionID !== 'a'} ${req.session.user}`),
      )
    })
    const res = await app.get('/', COOKIE)
    expect(res.text).toBe('stuck true ann')
    expect(store.record(sidOf(res))).toMatchObject(DATA)
  })

  it.each(['set', 'destroy'] as const)(
    'leaves a session with the data when the process ends in %s',
    async (method) => {
      const { app, store } = create(renew({ keep: true }))
      const held = store.hold(method)
      const request = app.get('/', COOKIE).then(
        () => {},
        () => {},
      )
      await held.called
      const survivors = [...store.records.keys()].map((sid) => store.record(sid))
      expect(survivors).toContainEqual(expect.objectContaining(DATA))
      // The browser has no response, so it sends the old cookie to the next process.
      const next = create(show)
      for (const [sid, json] of store.records) next.store.records.set(sid, json)
      expect(JSON.parse((await next.app.get('/', COOKIE)).text)).toEqual({ id: 'a', ...DATA })
      held.release()
      await request
    },
  )
})

describe('a session that was destroyed by another request', () => {
  it.each(['before', 'while'])('is not given a new id: %s the new record is stored', async (moment) => {
    const { app, store } = create(async (req, res, next) => {
      if (req.url === '/logout') return void req.session.destroy(() => res.end())
      if (moment === 'before') await app.get('/logout', COOKIE)
      const held = moment === 'while' ? store.hold('set') : undefined
      const renewed = req.session.regenerate({ keep: true }).catch((err: unknown) => err)
      if (held) {
        await held.called
        await app.get('/logout', COOKIE)
        held.release()
      }
      expect(await renewed).toMatchObject({ code: 'ERR_SESSION_GONE' })
      show(req, res, next)
    })
    const res = await app.get('/', COOKIE)
    expect(JSON.parse(res.text)).toEqual({ id: 'a', ...DATA })
    expect(sidOf(res)).toBeUndefined()
    expect([...store.records.keys()]).toEqual([])
  })

  it('is not given a new id either if this request has destroyed it', async () => {
    const { app, store } = create(async (req, res) => {
      const ended = req.session
      await ended.destroy()
      const err = await ended.regenerate({ keep: true }).catch((reason: { code: string }) => reason)
      res.end((err as { code: string }).code)
    })
    expect((await app.get('/', COOKIE)).text).toBe('ERR_SESSION_GONE')
    expect([...store.records.keys()]).toEqual([])
  })
})

describe.each(Object.entries({ ours, upstream }))(
  'a regenerate method of a store that extends the Store of %s',
  (_name, base) => {
    it('is not called with keep, since it destroys the old record first', async () => {
      const store = Object.assign(createStore(base), {
        regenerate() {
          throw new Error('not to be called')
        },
      })
      const { app } = create(renew({ keep: true }), { store })
      const { id } = JSON.parse((await app.get('/', COOKIE)).text)
      expect(store.calls).toEqual(['get a', `set ${id}`, 'destroy a'])
    })
  },
)

describe('a store whose methods return promises', () => {
  it('has the new record before the old one is removed', async () => {
    const calls: string[] = []
    const records = new Map<string, string>([['a', JSON.stringify({ ...record(), ...DATA })]])
    const store = storeWith({
      async get(sid: string) {
        const text = records.get(sid)
        return text && JSON.parse(text)
      },
      async set(sid: string, data: object) {
        calls.push('set')
        records.set(sid, JSON.stringify(data))
      },
      async destroy(sid: string) {
        calls.push('destroy')
        records.delete(sid)
      },
    })
    const app = serve(session({ ...SETTINGS, store: store as never }), renew({ keep: true }))
    const { id } = JSON.parse((await app.get('/', COOKIE)).text)
    expect([calls, [...records.keys()]]).toEqual([['set', 'destroy'], [id]])
  })
})

function keepError(shown: string) {
  return `keep option of regenerate() must be true, false or an array of keys of your data like ['cart'], not ${shown}`
}

interface Setup {
  host?: (typeof hosts)[number]
  store?: TestStore
  stored?: object
  options?: object
}

function create(layer: Layer, { host, store = createStore(), stored, options }: Setup = {}) {
  store.put('a', stored ?? { ...record(), ...DATA })
  const serveWith = host?.serve ?? serve
  return { store, app: serveWith(session({ ...SETTINGS, store, ...options }), layer) }
}
