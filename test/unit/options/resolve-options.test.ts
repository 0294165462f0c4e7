import { sign } from 'cookie-signature'
import { describe, expect, it, vi } from 'vitest'
import { show } from '../../../src/diagnostics/show'
import { resolveOptions } from '../../../src/options/resolve-options'
import type { SessionOptions } from '../../../src/options/session-options'
import type { SessionRequest } from '../../../src/session/attach'
import { MemoryStore } from '../../../src/stores/memory/memory-store'

const BASE = { secret: 'keyboard cat', resave: false, saveUninitialized: false }
const req = { headers: {} } as SessionRequest

const circular: { self?: object } = {}
circular.self = circular
const bare = Object.assign(Object.create(null), { minutes: 5 })

const WRONG: [what: string, options: unknown, message: string][] = [
  ['a string', 'keyboard cat', 'like { secret, resave: false }, not "keyboard cat"'],
  ['a genid that is not a function', { genid: 'uuid' }, 'genid option must be a function'],
  ['an unknown unset', { unset: 'remove' }, 'unset option must be "destroy" or "keep"'],
  ['an unknown saveMode', { saveMode: 'last' }, 'saveMode option must be "overwrite" or "merge", not "last"'],
  ['a merge with resave', { saveMode: 'merge', resave: true }, 'set the resave option to false'],
  [
    'a merge with the default of resave',
    { saveMode: 'merge', resave: undefined },
    'set the resave option to false',
  ],
  ['an empty secret', { secret: '' }, 'secret option must be a non-empty string'],
  ['a null secret', { secret: null }, 'secret option must be a non-empty string'],
  ['no secrets', { secret: [] }, 'secret option array must contain one or more strings'],
  ['a name with a blank', { name: 'my session' }, 'name option must be a cookie name'],
  ['a name with a line break', { name: 'a\r\nSet-Cookie: b' }, 'name option must be a cookie name'],
  ['a name with "="', { name: 'a=b' }, 'name option must be a cookie name'],
  ['a name with characters outside ASCII', { name: 'sitzung-ü' }, 'name option must be a cookie name'],
  ['a name that is no text', { name: {} }, 'name option must be a cookie name'],
  ['a name that JSON cannot represent', { name: circular }, '"_" or ".", not [Object]'],
  ['a saveMode that JSON cannot represent', { saveMode: 1n }, '"overwrite" or "merge", not 1n'],
  ['an idleTimeout without a text', { idleTimeout: bare }, 'got [Object: null prototype]'],
  ['a path without a text', { cookie: { path: bare } }, 'got [Object: null prototype]'],
  ['a list of domains', { cookie: { domain: ['example.com'] } }, 'got [Array]'],
  ['text for cookie', { cookie: 'lax' }, 'or a function that returns one; got "lax"'],
  ['a request', { headers: {}, url: '/' }, 'write app.use(session({ secret }))'],
  ['a Map for a store', { store: new Map() }, 'it has no destroy'],
  ['a store without set', { store: { get() {}, destroy() {} } }, 'it has no set'],
  ['a key that is not a cookie name', { key: 'a;b' }, 'name option must be a cookie name'],
  ['a store class', { store: MemoryStore }, 'store option must be a store, not its class'],
  ['a store without get', { store: {} }, 'store option must be a store: an object with the methods'],
  ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5000', null, true, {}].map(
    (storeTimeout) =>
      [
        `the storeTimeout ${storeTimeout}`,
        { storeTimeout },
        'storeTimeout option must be a positive number of milliseconds',
      ] as [string, unknown, string],
  ),
  ['a storeTimeout in words', { storeTimeout: '5s' }, 'not "5s": false means no limit'],
  ...['true', 1, null].map(
    (failOnSaveError) =>
      [
        `the failOnSaveError ${JSON.stringify(failOnSaveError)}`,
        { failOnSaveError },
        `failOnSaveError option must be true or false, not ${show(failOnSaveError)}`,
      ] as [string, unknown, string],
  ),
  ['wrong cookie options', { cookie: { maxAge: '1' } }, 'cookie.maxAge option'],
  ['a clearCookie of 1', { clearCookie: 1 }, 'clearCookie option must be true or false, not 1'],
  ['text for refreshCookie', { refreshCookie: 'no' }, 'refreshCookie option must be true or false, not "no"'],
  ['text for diagnostics', { diagnostics: 'on' }, 'diagnostics option must be true, false or a function'],
  ['null for diagnostics', { diagnostics: null }, 'not null'],
  ['null for cacheControl', { cacheControl: null }, 'cacheControl option must be true or false, not null'],
]

describe('resolveOptions', () => {
  it.each(WRONG)('throws a TypeError that names the option for %s', (_what, options, message) => {
    const all = typeof options === 'object' && options ? { ...BASE, ...options } : options
    expect(() => resolveOptions(all as SessionOptions)).toThrow(TypeError)
    expect(() => resolveOptions(all as SessionOptions)).toThrow(message)
  })

  it('accepts a storeTimeout and failOnSaveError', () => {
    const options = { storeTimeout: 5000, failOnSaveError: true }
    expect(resolveOptions({ ...BASE, ...options })).toMatchObject(options)
  })

  it.each([undefined, null, false])('treats %s as no options', (options) => {
    expect(resolveOptions(options as never)).toMatchObject({ name: 'connect.sid', resave: true })
  })

  it('fills in the defaults of express-session', () => {
    const settings = resolveOptions({ secret: 'keyboard cat' })
    expect(settings).toMatchObject({
      name: 'connect.sid',
      resave: true,
      saveUninitialized: true,
      rolling: false,
      destroyOnUnset: false,
      proxy: undefined,
      storeTimeout: undefined,
      failOnSaveError: false,
    })
    expect(settings.store).toBeInstanceOf(MemoryStore)
    expect(settings.cookieFor(req)).toEqual({})
    expect(settings.generateId(req)).toMatch(/^[\w-]{32}$/)
  })

  it('reports the deprecations of express-session 1.x', () => {
    vi.stubEnv('NO_DEPRECATION', undefined)
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    resolveOptions()
    resolveOptions()
    vi.unstubAllEnvs()
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      'express-session deprecated undefined resave option; provide resave option',
      'express-session deprecated undefined saveUninitialized option; provide saveUninitialized option',
      'express-session deprecated req.secret; provide secret option',
    ])
    warn.mockRestore()
  })

  it.each([
    [{ name: 'sid', key: 'old' }, 'sid'],
    [{ name: '', key: 'old' }, 'old'],
    [{ key: 'old' }, 'old'],
    [{ name: '__Host-a.b_c-d' }, '__Host-a.b_c-d'],
    [{ name: 5 as never }, '5'],
  ])('reads the name of %j as %s', (options, name) => {
    expect(resolveOptions({ ...BASE, ...options }).name).toBe(name)
  })

  it.each([
    [undefined, true],
    [true, true],
    [1, true],
    [false, false],
    [null, false],
    [0, false],
  ])('reads resave and saveUninitialized %s as %s', (value, answer) => {
    const options = { ...BASE, resave: value, saveUninitialized: value } as SessionOptions
    expect(resolveOptions(options)).toMatchObject({ resave: answer, saveUninitialized: answer })
  })

  it.each([
    [undefined, false],
    ['keep', false],
    ['destroy', true],
  ] as const)('reads unset %s as destroy: %s', (unset, answer) => {
    expect(resolveOptions({ ...BASE, unset }).destroyOnUnset).toBe(answer)
  })

  it('uses the codec of its secrets or, without any, that of req.secret', () => {
    const asked = { ...req, secret: 'of cookie-parser' } as SessionRequest
    const text = encodeURIComponent(`s:${sign('id', 'b')}`)
    expect(
      resolveOptions({ ...BASE, secret: ['a', 'b'] })
        .codecFor(asked)
        ?.decode(text)?.id,
    ).toBe('id')
    const { codecFor } = resolveOptions({ ...BASE, secret: undefined as never })
    expect([codecFor({ ...asked, secret: 'b' } as SessionRequest)?.decode(text)?.id, codecFor(req)]).toEqual([
      'id',
      undefined,
    ])
  })

  it('passes the request to genid', () => {
    const genid = vi.fn(() => 'mine')
    expect(resolveOptions({ ...BASE, genid }).generateId(req)).toBe('mine')
    expect(genid).toHaveBeenCalledWith(req)
  })

  it.each<[Partial<SessionOptions>, boolean]>([
    [{}, true],
    [{ cookie: { maxAge: 5 } }, true],
    [{ genid: () => 'mine' }, false],
    [{ cookie: () => ({}) }, false],
    [{ saveUninitialized: true }, false],
  ])(
    'creates a new session when it is first read, unless an option makes the delay visible (%#)',
    (options, isLazy) => {
      expect(resolveOptions({ ...BASE, ...options }).isLazy).toBe(isLazy)
    },
  )

  it('accepts any object with the required methods as a store', () => {
    const store = { get() {}, set() {}, destroy() {} }
    expect(resolveOptions({ ...BASE, store }).store).toBe(store)
  })
})
