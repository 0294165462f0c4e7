import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { explainSession, readOnly, type SessionExplanation, type SessionOptions } from '../../src'
import { CookieStore } from '../../src/stores/cookie'
import { hosts, type Layer, type Req } from '../support/app'
import { cookieOf, signedCookie } from '../support/cookies'
import { ours } from '../support/implementations'
import { createStore } from '../support/store'
import { addSecret, mustHaveNoSecret, noteCookies } from './no-secrets'
import { RIGHT, SECRET } from './told'

/** Serves a handler, and explains its request before the handler, at its end and after the response. */
function explained(options: Partial<SessionOptions>, handler: Layer, host = hosts[0]) {
  addSecret(options.secret ?? SECRET)
  const explain = (req: Req) => mustHaveNoSecret(explainSession(req))
  const explanations: Record<string, SessionExplanation> = {}
  let closed: Promise<unknown> = Promise.resolve()
  let last: Req | undefined
  const app = (host as (typeof hosts)[0]).serve(
    noteCookies,
    (req, res, next) => {
      last = req
      explanations.outside = explain(req)
      closed = new Promise<void>((resolve) => {
        res.once('close', () => {
          explanations.after = explain(req)
          resolve()
        })
      })
      next()
    },
    ours({ ...RIGHT, ...options }) as unknown as Layer,
    (req, _res, next) => {
      explanations.before = explain(req)
      next()
    },
    handler,
  )
  return {
    /** Explains the last request as it is now. */
    now: () => explain(last as Req),
    /** Sends a request to another path. */
    end: async (cookie: string) => void (await app.get('/end', cookie)),
    async get(cookie?: string) {
      const res = await app.get('/', cookie)
      await closed
      return { res, ...explanations } as { res: typeof res } & Record<
        'outside' | 'before' | 'after',
        SessionExplanation
      >
    },
  }
}

const read: Layer = (req, res) => void res.end(String(req.session.views))
const changeOnce: Layer = (req, res, next) => (req.headers.cookie ? read : count)(req, res, next)
const unset: Layer = (req, res) => {
  Object.assign(req, { session: null })
  res.end()
}
const count: Layer = (req, res) => {
  req.session.views = (req.session.views ?? 0) + 1
  res.end('ok')
}
/** Ids that are no words of an explanation. */
const IDS = ['q8ZrW2mNxK', 'J5tBv7HdLs', 'y3PgXcF9aQ', 'E6kUo1VjTw'] as const
const signed = (sid: string) => signedCookie(sid, SECRET)

describe.each(hosts)('explainSession over $name', (host) => {
  it.each<
    [what: string, options: Partial<SessionOptions>, handler: Layer, expected: Partial<SessionExplanation>]
  >([
    [
      'a new session',
      {},
      count,
      {
        line: 'connect.sid: no cookie; Store not asked; new session; changed: views; save, because it is new, and views has changed; cookie sent, because the session is new for the browser',
        isNew: true,
        changed: ['views'],
        action: 'save',
        cookie: { sent: true, why: 'the session is new for the browser' },
      },
    ],
    [
      'a session that nobody reads',
      {},
      (_req, res) => res.end(),
      { action: 'nothing', why: 'the session is new, and no handler has read it', isNew: true },
    ],
    [
      'an empty new session',
      {},
      read,
      {
        action: 'nothing',
        why: 'the session is new and empty',
        cookie: { sent: false, why: 'the session is new and empty' },
      },
    ],
    [
      'saveUninitialized',
      { saveUninitialized: true },
      read,
      {
        action: 'save',
        why: 'it is new, with saveUninitialized',
        cookie: { sent: true, why: 'the session is new for the browser' },
      },
    ],
    [
      'a secure cookie over plain HTTP',
      { cookie: { secure: true } },
      count,
      {
        action: 'save',
        cookie: {
          sent: false,
          why: 'the cookie is secure, and the request came over plain HTTP as far as this process knows',
        },
      },
    ],
    [
      'a session that is made after the headers',
      {},
      (req, res) => {
        res.write('a')
        setImmediate(() => count(req, res, () => {}))
      },
      { action: 'save', cookie: { sent: false, why: 'the headers were sent before the session was made' } },
    ],
    [
      'an explicit save',
      {},
      async (req, res) => {
        req.session.views = 5
        await req.session.save()
        res.end()
      },
      { action: 'save', why: 'it was saved before the end of the response', changed: ['views'] },
    ],
    [
      'an explicit save of an empty session',
      {},
      async (req, res) => {
        await req.session.save()
        res.end()
      },
      {
        action: 'save',
        why: 'it was saved before the end of the response',
        cookie: { sent: false, why: 'the session is new and empty' },
      },
    ],
    [
      'a session that is set to null',
      {},
      unset,
      {
        action: 'nothing',
        why: "req.session was unset, with unset: 'keep'",
        cookie: { sent: false, why: 'there is no session' },
      },
    ],
    [
      "a session that is set to null, with unset: 'destroy'",
      { unset: 'destroy' },
      unset,
      { action: 'destroy', why: "req.session was unset, with unset: 'destroy'" },
    ],
    [
      'an id that is not a string',
      { genid: () => 5 as never },
      count,
      {
        action: 'nothing',
        why: 'the id of the session is not a string',
        cookie: { sent: false, why: 'the id of the session is not a string' },
      },
    ],
  ])('explains %s', async (_what, options, handler, expected) => {
    const { after } = await explained({ store: createStore(), ...options }, handler, host).get()
    expect(after).toMatchObject(expected)
  })

  it('explains the requests of a known session', async () => {
    const store = createStore()
    const cookie = cookieOf((await explained({ store }, count, host).get()).res)
    const look = (options: Partial<SessionOptions>, handler: Layer) =>
      explained({ store, ...options }, handler, host).get(cookie)

    const changed = await look({}, count)
    expect(changed.before).toMatchObject({
      action: 'touch',
      isNew: false,
      changed: [],
      cookie: { sent: false },
    })
    expect(changed.after).toMatchObject({
      candidates: [{ outcome: 'loaded', why: 'the store has its session' }],
      store: { name: 'Store', answer: 'found', calls: [] },
      changed: ['views'],
      action: 'save',
      why: 'views has changed',
      cookie: { sent: false, why: 'the browser has it, and it has not changed' },
    })
    expect((await look({}, read)).after).toMatchObject({
      action: 'touch',
      why: 'it has not changed, and its expiry moves',
    })
    expect((await look({ rolling: true }, read)).after.cookie).toEqual({
      sent: true,
      why: 'the expiry moves with each response, with rolling',
    })
    expect((await look({ resave: true }, read)).after).toMatchObject({
      action: 'save',
      why: 'it has not changed, with resave',
    })
    const destroyed = await look(
      { clearCookie: true },
      (req, res) => void req.session.destroy(() => res.end()),
    )
    expect(destroyed.after).toMatchObject({
      action: 'destroy',
      why: 'the handler has called destroy()',
      cookie: { sent: true, why: 'the session has ended, and clearCookie deletes its cookie' },
    })
    const gone = await look({}, read)
    expect(gone.after).toMatchObject({ candidates: [{ outcome: 'missing' }], store: { answer: 'missing' } })
  })

  it.each<
    [what: string, options: Partial<SessionOptions>, handler: Layer, expected: Partial<SessionExplanation>]
  >([
    [
      'a store without touch()',
      { store: withoutTouch() },
      read,
      { action: 'nothing', why: 'it has not changed, and the store has no touch()' },
    ],
    [
      'a timeout that the stored session does not have yet',
      { store: withoutTouch(), idleTimeout: 60_000 },
      read,
      { action: 'save', why: 'its record needs the marks of the timeouts' },
    ],
    [
      'a cookie with old attributes',
      { refreshCookie: true, cookie: { sameSite: 'lax' } },
      read,
      { cookie: { sent: true, why: 'its attributes or its signature were old, with refreshCookie' } },
    ],
    [
      'a cookie that an old secret has signed',
      { refreshCookie: true, secret: ['b7F2c9YwZ1pT5nRk', SECRET] },
      read,
      { cookie: { sent: true, why: 'its attributes or its signature were old, with refreshCookie' } },
    ],
    [
      'a lifetime that has changed',
      {},
      (req, res) => {
        req.session.cookie.maxAge = 60_000
        res.end()
      },
      { action: 'save', why: 'cookie has changed', cookie: { sent: true, why: 'its lifetime has changed' } },
    ],
    [
      'a session that is destroyed, without clearCookie',
      {},
      (req, res) => void req.session.destroy(() => res.end()),
      { action: 'destroy', cookie: { sent: false, why: 'the session was destroyed' } },
    ],
    [
      'an explicit save',
      {},
      async (req, res) => {
        req.session.views = 7
        await req.session.save()
        res.end()
      },
      { action: 'save', why: 'it was saved before the end of the response', changed: ['views'] },
    ],
    [
      'a stream',
      {},
      (req, res) => {
        req.session.views = 7
        res.write('a')
        setImmediate(() => setImmediate(() => res.end()))
      },
      { action: 'save', why: 'it was saved before the end of the response', changed: ['views'] },
    ],
    [
      'a reload',
      {},
      async (req, res) => {
        await req.session.reload()
        res.end()
      },
      { action: 'touch', why: 'it has not changed, and its expiry moves', changed: [] },
    ],
    [
      'a save that fails, with failOnSaveError',
      { store: failing(), failOnSaveError: true },
      (req, res) => {
        req.session.cookie.maxAge = 60_000
        res.end()
      },
      { action: 'save', cookie: { sent: false, why: 'the error handler has made the response' } },
    ],
  ])('explains a known session with %s', async (_what, options, handler, expected) => {
    const store = options.store ?? createStore()
    const cookie = cookieOf((await explained({ store }, count, host).get()).res)
    const { after } = await explained({ ...options, store }, handler, host).get(cookie)
    expect(after).toMatchObject({ candidates: [{ outcome: 'loaded' }], isNew: false, ...expected })
  })

  it.each([
    [{}, 'the browser has it, and it has not changed'],
    [{ rolling: true, cookie: { maxAge: 600_000 } }, 'the browser has it, and touchAfter is not over'],
  ])('explains a session whose touchAfter is not over, with %j', async (options, why) => {
    const app = explained({ store: createStore(), touchAfter: 60_000, ...options }, changeOnce, host)
    expect((await app.get(cookieOf((await app.get()).res))).after).toMatchObject({
      action: 'nothing',
      why: 'it has not changed, and touchAfter is not over',
      cookie: { sent: false, why },
    })
  })

  it('explains a session that another request has ended meanwhile', async () => {
    const store = createStore()
    const app = explained(
      { store, rolling: true, cookie: { maxAge: 60_000 } },
      (req, res, next) => {
        if (req.url !== '/') return req.session.destroy(() => res.end())
        if (!req.headers.cookie) return count(req, res, next)
        return app.end(req.headers.cookie).then(() => count(req, res, next))
      },
      host,
    )
    const cookie = cookieOf((await app.get()).res)
    expect((await app.get(cookie)).after).toMatchObject({
      action: 'nothing',
      why: 'another request has ended the session',
      cookie: { sent: false, why: 'another request has ended the session' },
    })
  })

  it("explains a changed session whose record is gone, with saveMode: 'merge'", async () => {
    const store = createStore()
    const app = explained(
      { store, saveMode: 'merge', rolling: true },
      (req, res, next) => {
        if (req.headers.cookie) store.records.clear()
        count(req, res, next)
      },
      host,
    )
    const cookie = cookieOf((await app.get()).res)
    const why = 'its record is gone: another request has ended the session, or it has expired'
    expect((await app.get(cookie)).after).toMatchObject({
      changed: ['views'],
      action: 'nothing',
      why,
      cookie: { sent: false, why },
    })
  })

  it.each([
    { clearCookie: false, cookie: { sent: false, why: 'there is no session' } },
    {
      clearCookie: true,
      cookie: { sent: true, why: 'the session has ended, and clearCookie deletes its cookie' },
    },
  ])('explains a destroy() that fails, with clearCookie: $clearCookie', async ({ clearCookie, cookie }) => {
    const store = createStore()
    const app = explained(
      { store, clearCookie },
      (req, res, next) => {
        if (!req.headers.cookie) return count(req, res, next)
        store.fail('destroy', new Error('away'))
        return req.session.destroy(() => res.end())
      },
      host,
    )
    expect((await app.get(cookieOf((await app.get()).res))).after).toMatchObject({
      action: 'destroy',
      why: 'the handler has called destroy(), and the store has failed',
      cookie,
    })
  })

  it('explains a cookie that was sent before the session was destroyed', async () => {
    const store = createStore()
    const app = explained(
      { store, rolling: true },
      async (req, res, next) => {
        if (!req.headers.cookie) return count(req, res, next)
        res.write('a')
        await req.session.destroy()
        return res.end()
      },
      host,
    )
    expect((await app.get(cookieOf((await app.get()).res))).after).toMatchObject({
      action: 'destroy',
      cookie: { sent: true, why: 'the expiry moves with each response, with rolling' },
    })
  })

  it("explains before the headers that unset: 'destroy' deletes the cookie", async () => {
    const store = createStore()
    const cookie = { sent: true, why: 'the session has ended, and clearCookie deletes its cookie' }
    let before: SessionExplanation | undefined
    const app = explained(
      { store, unset: 'destroy', clearCookie: true },
      (req, res, next) => {
        if (!req.headers.cookie) return count(req, res, next)
        Object.assign(req, { session: null })
        before = explainSession(req)
        return res.end()
      },
      host,
    )
    const { after } = await app.get(cookieOf((await app.get()).res))
    expect([before, after]).toMatchObject([
      { action: 'destroy', cookie },
      { action: 'destroy', cookie },
    ])
  })

  it('explains the save() of a read-only request', async () => {
    const store = createStore()
    const app = explained(
      { store },
      async (req, res) => {
        readOnly(req)
        req.session.views = 1
        await req.session.save()
        res.end()
      },
      host,
    )
    expect((await app.get()).after).toMatchObject({
      action: 'save',
      why: 'it was saved before the end of the response',
      cookie: { sent: false, why: 'the request is read-only, by readOnly(req)' },
    })
  })

  it('explains a request while the store has not answered', async () => {
    const store = createStore()
    const app = explained({ store }, read, host)
    const { called, release } = store.hold('get')
    const visit = app.get(signed(IDS[0]))
    await called
    expect(app.now()).toMatchObject({
      candidates: [{ outcome: 'not tried', why: 'the store has not answered yet' }],
      store: { answer: 'waiting' },
      action: 'nothing',
      why: 'there is no session yet',
      cookie: { sent: false, why: 'there is no session yet' },
    })
    release()
    await visit
  })

  it('explains a session that is made after the headers before its response ends', async () => {
    let during: SessionExplanation | undefined
    const app = explained(
      {},
      (req, res) => {
        res.write('a')
        req.session.views = 1
        during = app.now()
        res.end()
      },
      host,
    )
    const { after } = await app.get()
    const cookie = { sent: false, why: 'the headers were sent before the session was made' }
    expect([during, after]).toMatchObject([{ cookie }, { cookie }])
  })

  it('explains a fourth cookie', async () => {
    const { after } = await explained({ store: createStore() }, read, host).get(IDS.map(signed).join('; '))
    expect(after.candidates.at(-1)).toEqual({ outcome: 'not tried', why: 'only 3 ids are looked up' })
  })

  it('explains each cookie', async () => {
    const store = createStore()
    store.put(IDS[0], { cookie: { originalMaxAge: null, path: '/' }, views: 1 } as never)
    const cookies = [
      'connect.sid=v0CkkvYj4',
      signedCookie(IDS[0], 'b7F2c9YwZ1pT5nRk'),
      `connect.sid=s%3A${'x'.repeat(5000)}`,
      signed(IDS[1]),
      signed(IDS[1]),
      signed(IDS[0]),
      signed(IDS[2]),
    ]
    const { after } = await explained({ store }, read, host).get(cookies.join('; '))
    expect(after.candidates.map(({ outcome }) => outcome)).toEqual([
      'unsigned',
      'wrong signature',
      'too long',
      'missing',
      'repeated',
      'loaded',
      'not tried',
    ])
  })
})

describe('explainSession', () => {
  it('explains the cookies of a CookieStore', async () => {
    const keys = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')]
    addSecret(keys)
    const options = { store: new CookieStore({ keys: [keys[0] as string] }) }
    const cookie = cookieOf((await explained(options, count).get()).res)
    expect((await explained(options, count).get(cookie)).after).toMatchObject({
      candidates: [{ outcome: 'loaded' }],
      store: { name: 'CookieStore', answer: 'found' },
      changed: ['views'],
      action: 'save',
      cookie: { sent: true },
    })
    const others = { store: new CookieStore({ keys: [keys[1] as string] }) }
    expect((await explained(others, count).get(cookie)).after.candidates).toEqual([
      {
        outcome: 'wrong signature',
        why: 'no key of this store has sealed it under this name, or it has expired',
      },
    ])
  })

  const enter = async (req: Req) => {
    await req.session.regenerate()
    Object.assign(req.session, { user: 'ada' })
  }
  const changed = 'the session has changed, and it is in its cookie'
  const renewed = 'the session is in its cookie, and is sealed anew'
  const cleared = 'the session has ended, and clearCookie deletes its cookie'
  it.each<[what: string, options: Partial<SessionOptions>, work: (req: Req) => unknown, cookie: object]>([
    ['a change', {}, (req) => Object.assign(req.session, { views: 7 }), { sent: true, why: changed }],
    ['a save', {}, (req) => req.session.save(), { sent: true, why: renewed }],
    ['no change', {}, () => {}, { sent: false, why: 'the browser has it, and it has not changed' }],
    ['an idleTimeout', { idleTimeout: 60_000 }, () => {}, { sent: true, why: renewed }],
    ['destroy()', {}, (req) => req.session.destroy(), { sent: true, why: cleared }],
    ['an empty new session', {}, (req) => req.session.regenerate(), { sent: true, why: cleared }],
    ['a new session', {}, enter, { sent: true, why: 'the session is new for the browser' }],
  ])(
    'tells before and after the response whether a CookieStore sends its cookie: %s',
    async (_what, options, work, expected) => {
      const told: object[] = []
      const store = new CookieStore({ keys: [randomBytes(32)] })
      const app = explained({ store, ...options }, async (req, res) => {
        if (!req.headers.cookie) return void count(req, res, () => {})
        await work(req)
        told.push(explainSession(req).cookie)
        res.end()
      })
      const { after } = await app.get(cookieOf((await app.get()).res))
      expect([...told, after.cookie]).toEqual([expected, expected])
    },
  )

  it.each([
    ['idleTimeout', { idleTimeout: 20 }],
    ['absoluteTimeout', { absoluteTimeout: 20 }],
    ['the lifetime of its cookie', { cookie: { maxAge: 20 } }],
    ['the lifetime of its cookie', { cookie: { maxAge: 20 }, idleTimeout: 60_000 }],
    ['idleTimeout', { cookie: { maxAge: 60_000 }, idleTimeout: 20, absoluteTimeout: 60_000 }],
  ])('names the limit %s that has ended a session: %j', async (limit, options) => {
    for (const store of [
      new (ours as never as { MemoryStore: new () => never }).MemoryStore(),
      withoutTouch(),
    ]) {
      const app = explained({ store, ...options } as never, count)
      const cookie = cookieOf((await app.get()).res)
      await new Promise((resolve) => setTimeout(resolve, 40))
      const { after } = await app.get(cookie)
      expect(after.candidates).toEqual([{ outcome: 'ended', why: `its session has reached ${limit}` }])
      expect(after).toMatchObject({ store: { answer: 'ended' }, isNew: true })
    }
  })

  it('tells that a request is read-only, and that the store has failed', async () => {
    const store = createStore()
    const { readOnly } = ours as never as { readOnly: (req: Req) => void }
    const cookie = cookieOf((await explained({ store }, count).get()).res)
    const look: Layer = (req, res, next) => {
      readOnly(req)
      count(req, res, next)
    }
    const only = await explained({ store }, look).get(cookie)
    expect(only.after).toMatchObject({ action: 'nothing', why: 'the request is read-only, by readOnly(req)' })
    store.fail('get', Object.assign(new Error('no access to sess:abc'), { code: 'ECONNREFUSED' }))
    const failed = await explained({ store }, count).get(cookie)
    expect(failed.after).toMatchObject({
      candidates: [{ outcome: 'error', why: 'the store could not read it (ECONNREFUSED)' }],
      store: { answer: 'error' },
      why: 'the store has failed, so there is no session',
    })
    expect(JSON.stringify(failed.after)).not.toContain('sess:abc')
  })

  it('helps with a request that no middleware has handled', async () => {
    const { outside } = await explained({}, count).get()
    expect(outside).toEqual({
      line: 'no session: the session middleware has not run for this request: call app.use(session(...)) before this handler, and on a path that covers it',
      candidates: [],
      store: { name: 'MemoryStore', answer: 'not asked', calls: [] },
      isNew: false,
      changed: [],
      action: 'nothing',
      why: 'the session middleware has not run for this request: call app.use(session(...)) before this handler, and on a path that covers it',
      cookie: { sent: false, why: expect.any(String) },
    })
    expect(explainSession({ headers: {} } as never).line).toMatch(/^no session: /)
  })

  it('helps with a request outside the path of the cookie, and with a disconnected store', async () => {
    const off = await explained({ cookie: { path: '/admin' } }, (_req, res) => res.end()).get()
    expect(off.after.why).toBe(
      `the cookie's path "/admin" does not cover the path of this request: set cookie.path to '/' or to a prefix of it`,
    )
    const store = createStore()
    const app = explained({ store }, (_req, res) => res.end())
    store.emit('disconnect')
    expect((await app.get()).after).toMatchObject({
      store: { answer: 'disconnected' },
      why: expect.stringMatching(/the store is disconnected/),
    })
    store.emit('connect')
  })

  it('has the times of the store with diagnostics', async () => {
    const store = createStore()
    const options = { store, diagnostics: () => {} }
    const cookie = cookieOf((await explained(options, count).get()).res)
    const { after } = await explained(options, count).get(cookie)
    expect(after.store).toMatchObject({
      ms: expect.any(Number),
      calls: [
        { operation: 'get', outcome: 'found' },
        { operation: 'set', outcome: 'written' },
      ],
    })
    expect(after.line).toMatch(/Store: found in \d+\.\d ms; /)
  })
})

function failing() {
  const store = createStore()
  const { set } = store
  let isFirst = true
  return Object.assign(store, {
    set(...args: Parameters<typeof set>) {
      if (isFirst) set(...args)
      else
        setImmediate(() =>
          args[2](Object.assign(new Error(`no room for sess:${args[0]}`), { code: 'ENOSPC' })),
        )
      isFirst = false
    },
  })
}

function withoutTouch() {
  const records = new Map<string, string>()
  return {
    get: async (sid: string) => JSON.parse(records.get(sid) ?? 'null'),
    set: async (sid: string, session: object) => void records.set(sid, JSON.stringify(session)),
    destroy: async (sid: string) => void records.delete(sid),
  } as never
}
