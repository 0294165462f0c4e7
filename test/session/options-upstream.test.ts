import { createSecretKey } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SessionOptions } from '../../src'
import { type DiagnosticCode, isAdvice } from '../../src/diagnostics/codes'
import { express5Host, type Layer, nodeHost } from '../support/app'
import { readSetCookie } from '../support/cookies'
import { answer, countViews } from '../support/handlers'
import { compare, ours, type SessionModule, upstream } from '../support/implementations'
import { crashesOf, outcome } from '../support/outcome'
import { SECRET, SETTINGS } from '../support/settings'
import { createStore, storeWith } from '../support/store'

const HOUR = 3_600_000
const invalid = new Date(Number.NaN)
const soon = () => new Date(Date.now() + HOUR)
const encoded = new TextEncoder().encode(SECRET)

/** Values of the options: of each type that programs pass, by mistake too. */
const OPTIONS: Record<string, unknown[]> = {
  name: ['sid', 5, true, ['sid'], '', null, 'a b', 'a;b', 'ä', {}, []],
  key: ['sid', 5, 'a=b'],
  secret: [123, {}, [], true, encoded, encoded.buffer, createSecretKey(encoded), ['a', encoded]],
  genid: [null, 'uuid', 5, {}, () => `id${Math.random()}`],
  unset: [null, 'keep', 'destroy', 'remove', 5],
  resave: ['true', 'false', 1, 0, null, 'no'],
  saveUninitialized: ['true', 'false', 1, 0, null],
  rolling: ['true', 'false', 1, 0, null],
  proxy: ['true', 'false', 1, 0, null, 'loopback'],
  store: [null, 5, 'redis', new Map(), {}, [], new EventEmitter(), Promise.resolve(), class {}],
  cookie: [null, 0, '', 5, 'text', true, [], () => ({})],
}

/** The same of its attributes. */
const ATTRIBUTES: Record<string, unknown[]> = {
  maxAge: [
    HOUR,
    8e15,
    9e15,
    '3600000',
    '',
    true,
    {},
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    soon(),
    invalid,
    5n,
  ],
  // Not an invalid Date: as in express-session it is an error of each response (cookie-expires.test.ts).
  expires: [HOUR, 8e15, 9e15, Number.NaN, soon(), '2040-01-01', '3600000', true, {}, null, ''],
  domain: [
    '127.0.0.1',
    'a.example',
    '.a.example',
    'localhost:3000',
    'https://a.example',
    'a;b',
    {},
    null,
    '',
  ],
  path: ['/', '', null, 'admin', '/a;b', '/é', '/<', {}, 5],
  secure: ['', null, 0, false],
  httpOnly: ['true', 'false', 1, 0, null, {}],
  sameSite: ['lax', 'Strict', 'none', 'auto', true, false, 'other', 'true', 1, {}, null, ''],
  priority: ['low', 'High', 'urgent', 1, true, null, ''],
  partitioned: ['true', 'false', 1, 0, null],
  signed: ['x', 1],
  encode: ['x', String],
}

const all: [what: string, options: object][] = [
  ...Object.entries(OPTIONS).flatMap(([name, values]) =>
    values.map((value) => listed(name, { [name]: value })),
  ),
  ...Object.entries(ATTRIBUTES).flatMap(([name, values]) =>
    values.map((value) => listed(`cookie.${name}`, { cookie: { [name]: value } })),
  ),
]

beforeEach(() => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(all)('%s', (_what, options) => {
  it('works if it works in express-session, and is a TypeError only if it does not', async () => {
    const theirs = await viewsWith(upstream, options)
    const mine = await viewsWith(ours, options)
    if (theirs === '1 2') expect(mine).toBe('1 2')
    else expect(mine).toMatch(/^(TypeError: .+|1 2)$/)
  })
})

describe('cookie.expires as a number', () => {
  it('is the lifetime in milliseconds that each touch starts again, as in express-session', async () => {
    const results = await compare(async (session) => {
      const store = createStore(session)
      const app = nodeHost.serve(
        session({ ...SETTINGS, store, cookie: cookieOf(600_000) }) as Layer,
        countViews,
      )
      const cookie = readSetCookie(await app.get())
      const { originalMaxAge } = store.record(cookie?.sid).cookie
      const seconds = (Date.parse(String(cookie?.attributes.Expires)) - Date.now()) / 1000
      return { originalMaxAge, isTenMinutes: seconds > 540 && seconds < 660 }
    })
    const same = { originalMaxAge: 600_000, isTenMinutes: true }
    expect(results).toEqual({ ours: same, upstream: same })
  })

  it('has its lifetime before the first touch, for a save in the handler', async () => {
    const store = createStore()
    const app = nodeHost.serve(
      ours({ ...SETTINGS, store, cookie: cookieOf(600_000) }) as Layer,
      (req, res) => {
        const maxAge = Number(req.session.cookie.maxAge)
        req.session.save(() => res.end(String(maxAge > 540_000 && maxAge <= 600_000)))
      },
    )
    expect((await app.get()).text).toBe('true')
    const [record] = [...store.records.values()].map((json) => JSON.parse(json))
    expect(Date.parse(record.cookie.expires)).toBeGreaterThan(Date.now())
  })

  const cookieOf = (expires: number) => ({ expires }) as never
})

describe('cookie.secure as a string', () => {
  it.each(['true', 'false', 'yes'])('counts as true, as in express-session: %s', async (secure) => {
    const attributes = await compare(async (session) => {
      const options = { ...SETTINGS, proxy: true, cookie: { secure: secure as never } }
      const app = nodeHost.serve(session(options) as Layer, countViews)
      const plain = readSetCookie(await app.get())
      const overTls = readSetCookie(await app.get().set('X-Forwarded-Proto', 'https'))
      return [plain?.pair, overTls?.attributes.Secure]
    })
    expect(attributes).toEqual({ ours: [undefined, true], upstream: [undefined, true] })
  })
})

describe('a warning', () => {
  it.each<[code: string, options: object]>([
    ['SESSIONWARE_COOKIE_EXPIRES', { cookie: { expires: 600_000 } }],
    ['SESSIONWARE_COOKIE_EXPIRES', { cookie: () => ({ expires: Date.now() }) }],
    ['SESSIONWARE_BOOLEAN', { resave: 'false' }],
    ['SESSIONWARE_BOOLEAN', { saveUninitialized: 'false' }],
    ['SESSIONWARE_BOOLEAN', { rolling: 'false' }],
    ['SESSIONWARE_BOOLEAN', { proxy: 'true' }],
    ['SESSIONWARE_BOOLEAN', { proxy: 1 }],
    ['SESSIONWARE_BOOLEAN', { cookie: { secure: 'false' } }],
    ['SESSIONWARE_BOOLEAN', { cookie: { httpOnly: 'false' } }],
    ['SESSIONWARE_BOOLEAN', { cookie: { partitioned: 'false' } }],
    ['SESSIONWARE_NAME', { name: 5 }],
    ['SESSIONWARE_STORE', { store: Object.assign(storeWith({ get() {} }), {}) }],
  ])('%s is emitted once for %j', async (code, options) => {
    vi.resetModules()
    const { default: fresh } = await vi.importActual<{ default: SessionModule }>('../../src')
    const emit = vi.mocked(process.emitWarning)
    for (let i = 0; i < 3; i++) {
      const app = nodeHost.serve(fresh({ ...SETTINGS, diagnostics: true, ...options }) as Layer, answer)
      await app.get()
    }
    const calls = emit.mock.calls as unknown as [message: string, { code: string }][]
    const told = calls.filter(([, details]) => details.code === code)
    expect(told).toEqual([[expect.stringMatching(/ option /), { code }]])
  })

  it('is not emitted for what is right', async () => {
    vi.resetModules()
    const { default: fresh } = await vi.importActual<{ default: SessionModule }>('../../src')
    const cookie = {
      maxAge: 5,
      secure: 'auto',
      httpOnly: false,
      sameSite: 'lax',
      partitioned: undefined,
    } as const
    const codes: string[] = []
    const diagnostics = ({ code }: { code: DiagnosticCode }) => !isAdvice(code) && codes.push(code)
    for (const value of [true, false]) {
      fresh({ ...SETTINGS, diagnostics, rolling: value, proxy: value, cookie, store: createStore() })
      fresh({ ...SETTINGS, diagnostics, cookie: { expires: soon(), secure: value } })
    }
    expect(codes).toEqual([])
    expect(process.emitWarning).not.toHaveBeenCalled()
  })
})

describe('the store option', () => {
  const methods = {
    get: (_sid: string, done: () => void) => done(),
    set: (_sid: string, _session: object, done: () => void) => done(),
    destroy: (_sid: string, done: () => void) => done(),
  }

  it.each<[what: string, make: () => object]>([
    ['a Map', () => new Map()],
    ['URLSearchParams', () => new URLSearchParams()],
    ['an object without destroy', () => ({ get: methods.get, set: methods.set })],
    ['an object without set', () => ({ get: methods.get, destroy: methods.destroy })],
    ['an object without get', () => ({ set: methods.set, destroy: methods.destroy })],
    ['an object whose destroy is no function', () => ({ ...methods, destroy: true })],
  ])('is a TypeError with %s', (_what, make) => {
    expect(() => ours({ ...SETTINGS, store: make() as never })).toThrow(TypeError)
    expect(() => ours({ ...SETTINGS, store: make() as never })).toThrow(/get, set and destroy; it has no /)
    expect(() => upstream({ ...SETTINGS, store: make() as never })).toThrow(TypeError)
  })

  it.each<[what: string, make: (session: SessionModule) => object]>([
    ['own methods', (session) => storeWith({ ...createMethods() }, session)],
    ['methods that it gets after session() was called', (session) => late(storeWith({}, session))],
    ['no destroy, while no session is destroyed', (session) => without('destroy', session)],
  ])('can be a Store with %s, as in express-session', async (_what, make) => {
    const views = await compare(async (session) => {
      const app = nodeHost.serve(session({ ...SETTINGS, store: make(session) as never }) as Layer, countViews)
      await new Promise((resolve) => setImmediate(resolve))
      const cookie = readSetCookie(await app.get())?.pair
      return (await app.get('/', cookie)).text
    })
    expect(views).toEqual({ ours: '2', upstream: '2' })
  })

  it('that has no destroy is an error when a session is destroyed', async () => {
    const store = without('destroy', ours)
    const app = nodeHost.serve(ours({ ...SETTINGS, store: store as never }) as Layer, async (req, res) => {
      req.session.user = 'ada'
      const err = await req.session.destroy().catch((fault: Error) => fault)
      res.end(String(err))
    })
    expect((await app.get()).text).toBe('TypeError: the session store has no method destroy()')
  })

  function late(store: object) {
    setImmediate(() => Object.assign(store, createMethods()))
    return store
  }

  function without(name: string, session: SessionModule) {
    return storeWith({ ...createMethods(), [name]: undefined }, session)
  }

  function createMethods() {
    const { get, set, destroy } = createStore()
    return { get, set, destroy }
  }
})

describe('app.use(session) without a call', () => {
  it.each([express5Host, nodeHost])('is an error that names the remedy, with $name', async (host) => {
    const app = host.serve(ours as unknown as Layer, answer)
    const res = await app.get()
    expect([res.status, res.text]).toEqual([
      500,
      'session() got a request: write app.use(session({ secret })), not app.use(session)',
    ])
  })

  it('hangs in express-session', async () => {
    expect(await outcome(upstream, nodeHost.serve(upstream as unknown as Layer, answer).get())).toBe(
      'no response',
    )
  })
})

/** A client's views at its first and second request, or the error of `session()`. */
async function viewsWith(session: SessionModule, options: object): Promise<string> {
  let views = ''
  await crashesOf(async () => {
    let middleware: Layer
    try {
      middleware = session({ ...SETTINGS, ...options } as SessionOptions) as Layer
    } catch (err) {
      views = String(err)
      return
    }
    const app = express5Host.serve(middleware, countViews)
    const name = String(Reflect.get(options, 'name') || Reflect.get(options, 'key') || 'connect.sid')
    try {
      const first = await app.get().timeout(2_000)
      const pair = readSetCookie(first, name)?.pair
      const second = await app.get('/', pair ?? 'none=1').timeout(2_000)
      views = first.status === 200 ? `${first.text} ${second.text}` : `status ${first.status}`
    } catch (err) {
      views = `no response: ${(err as Error).message}`
    }
  })
  return views
}

function listed(what: string, options: object): [string, object] {
  const [value] = Object.values(options).flatMap((each) =>
    what.startsWith('cookie.') ? Object.values(each) : [each],
  )
  const isPlain = typeof value !== 'object' || value === null || Array.isArray(value)
  const shown = typeof value === 'string' ? `'${value}'` : isPlain ? String(value) : value.constructor.name
  return [`${what}: ${shown}`, options]
}
