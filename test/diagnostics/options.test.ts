import { afterEach, describe, expect, it, vi } from 'vitest'
import session, { type SessionOptions } from '../../src'
import { type ADVICE, isAdvice } from '../../src/diagnostics/codes'
import { reportOn } from '../../src/diagnostics/store-reports'
import { createStore } from '../support/store'
import { SECRET, toldBy } from './told'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('session()', () => {
  it.each([
    ['cookie', null],
    ['cookie', ''],
    ['store', null],
    ['genid', null],
    ['unset', null],
  ])('takes %s: %s for not set, as express-session does', (name, value) => {
    expect(toldBy({ [name]: value }).told.filter(({ code }) => !isAdvice(code))).toEqual([])
  })

  it.each<[code: string, options: object, message: string]>([
    [
      'SESSIONWARE_OPTION',
      { saveUninitialised: false },
      'session() ignores saveUninitialised (did you mean saveUninitialized?)',
    ],
    ['SESSIONWARE_OPTION', { maxAge: 60_000 }, 'session() ignores maxAge (did you mean cookie.maxAge?)'],
    [
      'SESSIONWARE_OPTION',
      { maxage: 60_000, Secure: true },
      'session() ignores maxage (did you mean cookie.maxAge?), Secure (did you mean cookie.secure?)',
    ],
    [
      'SESSIONWARE_OPTION',
      { secure: true, httpOnly: true },
      'session() ignores secure (did you mean cookie.secure?), httpOnly (did you mean cookie.httpOnly?)',
    ],
    ['SESSIONWARE_OPTION', { reSave: false }, 'session() ignores reSave (did you mean resave?)'],
    [
      'SESSIONWARE_OPTION',
      { save_uninitialized: false },
      'session() ignores save_uninitialized (did you mean saveUninitialized?)',
    ],
    ['SESSIONWARE_OPTION', { secrets: ['a'] }, 'session() ignores secrets (did you mean secret?)'],
    [
      'SESSIONWARE_OPTION',
      { cookie: { maxage: 60_000, samesite: 'lax' } },
      'session() ignores cookie.maxage (did you mean cookie.maxAge?), cookie.samesite (did you mean cookie.sameSite?)',
    ],
    [
      'SESSIONWARE_OPTION',
      { cookie: { rolling: true } },
      'session() ignores cookie.rolling (did you mean rolling?)',
    ],
    [
      'SESSIONWARE_SECONDS',
      { cookie: { maxAge: 3600 } },
      'cookie.maxAge is 3600 milliseconds, that is 4 seconds; it looks like 60 minutes in seconds: write 3600 * 1000',
    ],
    [
      'SESSIONWARE_SECONDS',
      { cookie: { maxAge: 86400 } },
      'cookie.maxAge is 86400 milliseconds, that is 86 seconds; it looks like 24 hours in seconds: write 86400 * 1000',
    ],
    [
      'SESSIONWARE_SECONDS',
      { cookie: { maxAge: 2592000 } },
      'cookie.maxAge is 2592000 milliseconds, that is 43 minutes; it looks like 30 days in seconds: write 2592000 * 1000',
    ],
    [
      'SESSIONWARE_SECONDS',
      { idleTimeout: 1800 },
      'idleTimeout is 1800 milliseconds, that is 1800 ms; it looks like 30 minutes in seconds: write 1800 * 1000',
    ],
    [
      'SESSIONWARE_COOKIE_NOT_SECURE',
      { cookie: { sameSite: 'None' } },
      'browsers refuse the session cookie, because it has SameSite=None without Secure: set cookie.secure to true and use HTTPS (browsers accept Secure on http://localhost, too)',
    ],
    [
      'SESSIONWARE_COOKIE_PREFIX',
      { name: '__Secure-id' },
      'browsers refuse the session cookie, because its name begins with __Secure- and it lacks secure: true: set that in the cookie option, or use another name',
    ],
    [
      'SESSIONWARE_COOKIE_PREFIX',
      { name: '__host-id', cookie: { secure: true, path: '/app' } },
      "browsers refuse the session cookie, because its name begins with __Host- and it lacks path: '/': set that in the cookie option, or use another name",
    ],
    // The browser takes the directory of the request for the path.
    [
      'SESSIONWARE_COOKIE_PREFIX',
      { name: '__Host-id', cookie: { secure: true, path: undefined } },
      "browsers refuse the session cookie, because its name begins with __Host- and it lacks path: '/': set that in the cookie option, or use another name",
    ],
    [
      'SESSIONWARE_COOKIE_EXPIRES',
      { cookie: { expires: new Date(0) } },
      'cookie.expires is the fixed date 1970-01-01T00:00:00.000Z, which is over, so browsers delete the cookie at once: use cookie.maxAge, a lifetime in milliseconds',
    ],
    [
      'SESSIONWARE_COOKIE_EXPIRES',
      { cookie: { expires: 3600000 } },
      'cookie.expires option is a number, which counts as milliseconds from now: use cookie.maxAge, or a Date',
    ],
    [
      'SESSIONWARE_COOKIE_EXPIRES',
      { cookie: { expires: new Date('tomorrow') } },
      'cookie.expires option is an invalid Date, so no cookie can be sent: use cookie.maxAge, or a valid Date',
    ],
    ...['resave', 'saveUninitialized', 'rolling'].map((option): [string, object, string] => [
      'SESSIONWARE_BOOLEAN',
      { [option]: 'false' },
      `${option} option is a string, which counts as true, even "false": use true or false`,
    ]),
    [
      'SESSIONWARE_BOOLEAN',
      { cookie: { httpOnly: 'false' } },
      'cookie.httpOnly option is a string, which counts as true, even "false": use true or false',
    ],
    [
      'SESSIONWARE_BOOLEAN',
      { proxy: 1 },
      'proxy option is neither true nor false, so it counts as undefined',
    ],
    ['SESSIONWARE_NAME', { name: 5 }, 'name option is not a string: use "5"'],
  ])('tells %s of %j', (code, options, message) => {
    const told = wrong(options)
    expect(told).toEqual([{ code, message, detail: expect.any(Object) }])
  })

  it.each<object>([
    {},
    { key: 'sid', name: undefined, foo: 1, ttl: 5, client: {} },
    { name: 'sid', proxy: true, resave: true, saveUninitialized: true, rolling: true },
    { cookie: { maxAge: 30 * MINUTE, expires: null, signed: true, overwrite: true } },
    ...[
      0,
      -1,
      5,
      50,
      1000,
      5000,
      10_000,
      30_000,
      MINUTE,
      90_000,
      15 * MINUTE,
      60 * MINUTE,
      DAY,
      7 * DAY,
      30 * DAY,
      365 * DAY,
    ].map((maxAge) => ({ cookie: { maxAge } })),
    { idleTimeout: 30 * MINUTE, absoluteTimeout: DAY, touchAfter: MINUTE },
    { cookie: { secure: 'auto', sameSite: 'auto', partitioned: false } },
    { name: '__Host-Http-id', cookie: { secure: true } },
    session.recommended({ secret: SECRET }),
    ...[3, 6, 9].map((minutes) => session.recommended({ secret: SECRET, idleTimeout: minutes * MINUTE })),
    session.recommended({ secret: SECRET, cookie: { maxAge: 3 * MINUTE } }),
  ])('tells nothing of %j', (options) => {
    expect(wrong(options)).toEqual([])
  })

  it('tells what its store has reported before', () => {
    const store = new session.MemoryStore({ max: -1 })
    expect(wrong({ store }).map(({ code }) => code)).toEqual(['SESSIONWARE_MEMORY_STORE'])
    reportOn(store, 'SESSIONWARE_STORE', 'later')
    expect(wrong({ store })).toEqual([])
  })
})

describe('advice', () => {
  const message = (options: Partial<SessionOptions>, code: (typeof ADVICE)[number]) =>
    toldBy(options).told.find((each) => each.code === code)?.message

  it.each<[what: string, secret: unknown, text: string | undefined]>([
    ['keyboard cat', 'keyboard cat', 'is one that examples use, so anyone can sign cookies with it'],
    ['your-secret-key', 'Your-Secret-Key', 'is one that examples use'],
    ['the one of the README', 'replace this with 32 random bytes', 'is one that examples use'],
    ['31 bytes', 'x'.repeat(31), 'has 31 bytes, fewer than 32'],
    ['a short Buffer', Buffer.alloc(16), 'has 16 bytes'],
    ['32 bytes', Buffer.alloc(32), undefined],
    ['a long text', SECRET, undefined],
    ['an old one that is short', [SECRET, 'g4Tq9sXe'], undefined],
  ])('about a secret: %s', (_what, secret, text) => {
    const told = message({ secret: secret as never }, 'SESSIONWARE_SECRET')
    if (text) expect(told).toContain(text)
    else expect(told).toBeUndefined()
  })

  it('about sessions that never end, unless a timeout, a lifetime or the store ends them', () => {
    expect(message({}, 'SESSIONWARE_NO_TIMEOUT')).toBe(
      'sessions never end while the store keeps them: set idleTimeout and absoluteTimeout, or use session.recommended()',
    )
    const ending: Partial<SessionOptions>[] = [
      { idleTimeout: MINUTE },
      { absoluteTimeout: MINUTE },
      { cookie: { maxAge: MINUTE } },
      { cookie: { expires: new Date(Date.now() + MINUTE) } },
      { store: new session.MemoryStore({ ttl: MINUTE }) },
      { store: session.hashIds(new session.MemoryStore({ ttl: MINUTE })) },
      { store: Object.assign(createStore(), { ttl: 86400 }) },
      { store: session.hashIds(Object.assign(createStore(), { ttl: 86400 })) },
      { cookie: () => ({ maxAge: MINUTE }) },
    ]
    expect(ending.map((options) => message(options, 'SESSIONWARE_NO_TIMEOUT'))).toEqual(
      ending.map(() => undefined),
    )
  })

  it('about a lifetime that browsers shorten', () => {
    expect(message({ cookie: { maxAge: 401 * DAY } }, 'SESSIONWARE_LONG_MAX_AGE')).toMatch(
      /is 401 days, and browsers keep/,
    )
    expect(message({ cookie: { maxAge: 400 * DAY } }, 'SESSIONWARE_LONG_MAX_AGE')).toBeUndefined()
  })

  it('about MemoryStore in production and in a cluster', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(message({}, 'SESSIONWARE_PROCESS_MEMORY')).toBeUndefined()
    vi.stubEnv('NODE_ENV', 'production')
    expect(message({}, 'SESSIONWARE_PROCESS_MEMORY')).toMatch(
      /^MemoryStore is used in production; its sessions/,
    )
    const hashed = session.hashIds(new session.MemoryStore())
    expect(message({ store: hashed }, 'SESSIONWARE_PROCESS_MEMORY')).toMatch(/used in production/)
    expect(message({ store: createStore() }, 'SESSIONWARE_PROCESS_MEMORY')).toBeUndefined()
    vi.stubEnv('NODE_ENV', 'test')
    vi.stubEnv('NODE_APP_INSTANCE', '1')
    expect(message({}, 'SESSIONWARE_PROCESS_MEMORY')).toMatch(/used in a cluster, whose other processes/)
    vi.restoreAllMocks()
  })

  it('is not given about recommended settings', () => {
    expect(toldBy(session.recommended({ secret: SECRET }) as never).told).toEqual([])
  })
})

function wrong(options: object) {
  return toldBy(options).told.filter(({ code }) => !isAdvice(code))
}
