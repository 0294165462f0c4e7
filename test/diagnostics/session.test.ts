import { describe, expect, it } from 'vitest'
import type { SessionOptions } from '../../src'
import { hosts, type Layer } from '../support/app'
import { cookieOf, signedCookie } from '../support/cookies'
import { createStore } from '../support/store'
import { change, SECRET, toldApp } from './told'

type Case = [code: string, what: string, handler: Layer, message: string, options?: Partial<SessionOptions>]

class Cart {
  items = []
  total() {
    return 0
  }
}

const put =
  (value: unknown): Layer =>
  (req, res) => {
    req.session.value = value
    res.end('ok')
  }

const circular: { self?: unknown } = {}
circular.self = circular

const streamed =
  (late: Layer): Layer =>
  (req, res, next) => {
    res.write('a')
    setImmediate(async () => {
      await late(req, res, next)
      res.end('b')
    })
  }

describe.each<Case>([
  lost(
    'a Map',
    { user: { roles: new Map() } },
    'value.user.roles is a Map and becomes an object without its content',
  ),
  lost('a Set in an array', [1, new Set()], 'value[1] is a Set and becomes an object without its content'),
  lost('a function', { run: () => 1 }, 'value.run is a function and becomes nothing'),
  lost('NaN', { price: Number.NaN }, 'value.price is NaN and becomes null'),
  lost('undefined in an array', [undefined], 'value[0] is undefined in an array and becomes null'),
  lost(
    'a class instance',
    { cart: new Cart() },
    'value.cart is an instance of Cart and becomes an object without methods',
  ),
  lost(
    'a promise',
    { user: Promise.resolve(1) },
    'value.user is a promise (an await is missing) and becomes an object without its content',
  ),
  lost('a Buffer', Buffer.from('a'), "value is a Buffer and becomes an object { type: 'Buffer', data }"),
  lost(
    'an Error',
    { err: new Error('x') },
    'value.err is an Error and becomes an object without its content',
  ),
  [
    'SESSIONWARE_LATE_CHANGE',
    'a change after the end',
    (req, res) => {
      res.end('ok')
      req.session.views = 1
    },
    'the session was changed after the response had ended (views), and this is not saved: change it before, or call req.session.save()',
  ],
  [
    'SESSIONWARE_LATE_CHANGE',
    'a new session in a stream',
    streamed((req) => Object.assign(req.session, { user: 'ada' })),
    'a new session was changed after the headers of the response were sent (user), so the browser gets no cookie for it: change it before the first write',
  ],
  [
    'SESSIONWARE_GENID',
    'a genid that gives a number',
    change,
    'genid gives a value of type number, so the session is neither stored nor sent: it must return a string that cannot be guessed, or a promise of one',
    { genid: () => 5 as never },
  ],
  [
    'SESSIONWARE_GENID',
    'a genid that gives a promise of undefined',
    change,
    'genid gives a value of type undefined, so the session is neither stored nor sent: it must return a string that cannot be guessed, or a promise of one',
    { genid: async () => undefined as never },
  ],
])('%s, for %s', (code, _what, handler, message, options = {}) => {
  it.each(hosts)('is told over $name', async (host) => {
    const app = toldApp({ store: createStore(), ...options }, [handler], host)
    await app.get()
    await settle()
    expect(app.wrong()).toEqual([{ code, message, detail: expect.any(Object) }])
  })
})

describe('SESSIONWARE_LOST_VALUE', () => {
  it.each([['a BigInt', { id: 1n }, 'req.session.value.id is a BigInt and becomes an error of each save']])(
    'names the path of %s, which is an error of the response',
    async (_what, value, message) => {
      const app = toldApp({}, [put(value)])
      expect((await app.get()).status).toBe(500)
      expect(app.wrong().map((each) => each.message)).toEqual([expect.stringContaining(message)])
    },
  )

  it.each([
    ['plain data', { a: [1, 'b', true, null, { c: -0 }], d: Object.create(null) }],
    ['a property of undefined, which reads as undefined later', { user: undefined }],
    ['an object with a toJSON of its own', { id: { toJSON: () => 'a1b2' } }],
    [
      'a class without methods',
      new (class Point {
        x = 1
      })(),
    ],
    ['a Date, which is advice', { at: new Date(0) }],
  ])('is not told of %s', async (_what, value) => {
    const app = toldApp({}, [put(value)])
    await app.get()
    expect(app.wrong()).toEqual([])
  })

  it('is not told of circular data, whose error says it', async () => {
    const app = toldApp({}, [put(circular)])
    expect((await app.get()).text).toMatch(/circular/)
    expect(app.wrong()).toEqual([])
  })
})

describe('SESSIONWARE_NOT_AWAITED', () => {
  it.each<[method: 'save' | 'regenerate' | 'destroy']>([['save'], ['regenerate'], ['destroy']])(
    'is told when the response ends before %s()',
    async (method) => {
      for (const store of [createStore(), undefined]) {
        const app = toldApp({ store: store as never }, [
          (req, res) => {
            req.session.views = 1
            void req.session[method]()
            res.end('ok')
          },
        ])
        await app.get()
        expect(app.wrong()).toEqual([
          {
            code: 'SESSIONWARE_NOT_AWAITED',
            message: `the response has ended before the promise of req.session.${method}() was settled, and the handler does not wait for it: write await req.session.${method}(), or end the response in a callback`,
            detail: { methods: [method] },
          },
        ])
      }
    },
  )

  it('is told when only errors are handled', async () => {
    const app = toldApp({}, [
      (req, res) => {
        req.session.save().catch(() => {})
        res.end('ok')
      },
    ])
    await app.get()
    expect(app.wrong().map(({ code }) => code)).toEqual(['SESSIONWARE_NOT_AWAITED'])
  })

  it.each<[string, Layer]>([
    [
      'await',
      async (req, res) => {
        await req.session.regenerate()
        req.session.user = 'ada'
        await req.session.save()
        res.end()
      },
    ],
    ['then', (req, res) => req.session.save().then(() => res.end())],
    ['finally', (req, res) => void req.session.save().finally(() => res.end())],
    [
      'Promise.all',
      async (req, res) => {
        await Promise.all([req.session.save()])
        res.end()
      },
    ],
    ['a callback', (req, res) => void req.session.destroy(() => res.end())],
    [
      'a callback and no waiting',
      (req, res) => {
        req.session.save(() => {})
        res.end()
      },
    ],
  ])('is not told with %s', async (_what, handler) => {
    for (const store of [createStore(), undefined]) {
      const app = toldApp({ store: store as never }, [handler])
      await app.get()
      await settle()
      expect(app.wrong()).toEqual([])
    }
  })

  it('gives a promise that rejects like one without diagnostics', async () => {
    const store = createStore()
    store.fail('set', new Error('disk full'))
    const app = toldApp({ store }, [
      async (req, res) => {
        req.session.user = 'ada'
        const promise = req.session.save()
        res.end(`${promise instanceof Promise} ${await promise.catch((err) => err.message)}`)
      },
    ])
    expect((await app.get()).text).toBe('true disk full')
  })
})

describe('SESSIONWARE_LATE_CHANGE', () => {
  it('is told of a lifetime that changes in a stream', async () => {
    const app = toldApp({ cookie: { maxAge: 60_000 } }, [
      (req, res, next) => {
        if (req.url === '/') return change(req, res, next)
        return streamed(() => Object.assign(req.session.cookie, { maxAge: 30 * 60_000 }))(req, res, next)
      },
    ])
    const cookie = cookieOf(await app.get())
    await app.get('/remember', cookie)
    await settle()
    expect(app.wrong().map((each) => each.message)).toEqual([
      'the lifetime of the session was changed after the headers of the response were sent, so the browser keeps the old one: change it before the first write',
    ])
  })

  it.each<[string, Layer]>([
    [
      'a change in a stream of a session that the browser has',
      streamed((req) => Object.assign(req.session, { value: 1 })),
    ],
    [
      'a change after the end that is saved',
      async (req, res) => {
        res.end()
        req.session.value = 2
        await req.session.save()
      },
    ],
    [
      'a session that was destroyed',
      async (req, res) => {
        await req.session.destroy()
        res.end()
      },
    ],
    [
      'a new session that is changed before a stream',
      async (req, res, next) => {
        await req.session.regenerate()
        req.session.value = 3
        streamed((_req) => {})(req, res, next)
      },
    ],
  ])('is not told of %s', async (_what, handler) => {
    const app = toldApp({ store: createStore() }, [
      (req, res, next) => (req.url === '/' ? change : handler)(req, res, next),
    ])
    const cookie = cookieOf(await app.get())
    await app.get('/other', cookie)
    await settle()
    expect(app.wrong()).toEqual([])
  })
})

describe('SESSIONWARE_PATH', () => {
  const failing: Layer = (req, res) => {
    req.session.views = 1
    res.end('ok')
  }

  it.each(hosts)('is told when a handler fails without req.session, over $name', async (host) => {
    const app = toldApp({ cookie: { path: '/admin' } }, [failing], host)
    expect((await app.get('/login?token=abc')).status).toBe(500)
    await settle()
    expect(app.wrong()).toEqual([
      {
        code: 'SESSIONWARE_PATH',
        message: `cookie.path is "/admin", so the request for "/login" has no req.session, and the handler has failed with an error, perhaps since req.session is undefined: set cookie.path to '/', or to the path that the browser uses if a proxy changes it`,
        detail: { cookiePath: '/admin', path: '/login', hasCookie: false },
      },
    ])
  })

  it('is told when a proxy removes the path for which the browser has the cookie', async () => {
    const app = toldApp({ cookie: { path: '/shop' } }, [(_req, res) => res.end('no session')])
    await app.get('/cart/4711', signedCookie('q8ZrW2mNxK', SECRET))
    await settle()
    expect(app.wrong().map(({ detail }) => detail)).toEqual([
      { cookiePath: '/shop', path: '/cart/...', hasCookie: true },
    ])
  })

  it('is not told of requests outside the path that need no session, nor of those of another middleware', async () => {
    const app = toldApp({ cookie: { path: '/admin' } }, [(_req, res) => res.end('hello')])
    await app.get('/')
    const outer = toldApp({}, [change])
    const both = toldApp({ cookie: { path: '/admin' } }, [
      (req, res, next) => (outer.server.listeners('request')[0] as never as Layer)(req, res, next),
    ])
    await both.get('/', signedCookie('q8ZrW2mNxK', SECRET))
    await settle()
    expect([...app.wrong(), ...both.wrong()]).toEqual([])
  })
})

describe('SESSIONWARE_STORE_DISCONNECTED', () => {
  it('is told at the first request without a session', async () => {
    const store = createStore()
    const app = toldApp({ store }, [(_req, res) => res.end('ok')])
    await app.get()
    expect(app.wrong()).toEqual([])
    store.emit('disconnect')
    await app.get()
    await app.get()
    expect(app.wrong()).toEqual([
      {
        code: 'SESSIONWARE_STORE_DISCONNECTED',
        message:
          "a request has no req.session, because the store has emitted 'disconnect' and no 'connect' since: look at the store's connection, and handle requests without a session, for example with status 503",
        detail: {},
      },
    ])
  })
})

describe('advice about data', () => {
  it('is given for a Date, which is read as a string', async () => {
    const app = toldApp({}, [put({ at: new Date(0), link: new URL('http://a.example') })])
    await app.get()
    expect(app.advice()).toContainEqual({
      code: 'SESSIONWARE_DATE',
      message:
        'sessions are stored as JSON: req.session.value.at is a Date; req.session.value.link is a URL, which the next request reads as a string. Make it again there, as in new Date(req.session.at)',
      detail: expect.any(Object),
    })
  })

  it('is not given for a date as text', async () => {
    const app = toldApp({}, [put({ at: new Date(0).toISOString() })])
    await app.get()
    expect(app.advice().map(({ code }) => code)).not.toContain('SESSIONWARE_DATE')
  })

  it('is given for a session above 64 KiB, with its largest keys', async () => {
    const app = toldApp({}, [put('x'.repeat(65_536))])
    await app.get()
    expect(app.advice().map((each) => each.message)).toContain(
      'a session has 65548 bytes, more than 65536 (value has 65538), and each request reads all of them: keep an id in the session, and the data in a database',
    )
  })

  it('is not given for one of 64 KiB', async () => {
    const app = toldApp({}, [put('x'.repeat(65_524))])
    await app.get()
    expect(app.advice().map(({ code }) => code)).not.toContain('SESSIONWARE_LARGE_SESSION')
  })
})

function lost(what: string, value: unknown, message: string): Case {
  return [
    'SESSIONWARE_LOST_VALUE',
    what,
    put(value),
    `sessions are stored as JSON: req.session.${message}. Keep plain objects, arrays, strings, finite numbers, booleans and null`,
  ]
}

/** The 'close' of the response on the server may come after its end on the client. */
function settle() {
  return new Promise((resolve) => setTimeout(resolve, 30))
}
