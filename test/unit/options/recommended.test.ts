import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import type { Request } from 'express'
import { describe, expect, it } from 'vitest'
import session, { type MiddlewareOptions, recommended } from '../../../src'
import { resolveOptions } from '../../../src/options/resolve-options'
import { CookieStore } from '../../../src/stores/cookie'
import { SECRET } from '../../support/settings'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const OFF = { idleTimeout: false, absoluteTimeout: false } as const
const shortLived = new session.MemoryStore({ ttl: 1000 })
const cookieStore = new CookieStore({ keys: [randomBytes(32)] })

describe('recommended', () => {
  it('fills in the recommended settings', () => {
    const store = new session.MemoryStore()
    expect(recommended({ secret: SECRET, store })).toEqual({
      secret: SECRET,
      store,
      resave: false,
      saveUninitialized: false,
      unset: 'destroy',
      saveMode: 'merge',
      idleTimeout: HOUR,
      absoluteTimeout: 24 * HOUR,
      touchAfter: MINUTE,
      clearCookie: true,
      refreshCookie: true,
      cacheControl: true,
      failOnSaveError: true,
      storeTimeout: 5000,
      cookie: { sameSite: 'lax', secure: 'auto' },
    })
  })

  it('works without options', () => {
    expect(recommended()).toEqual(recommended({}))
    expect(recommended(null)).toEqual(recommended({}))
  })

  it('keeps your options', () => {
    const yours = {
      resave: true,
      saveUninitialized: true,
      unset: 'keep',
      rolling: true,
      idleTimeout: 2 * HOUR,
      absoluteTimeout: 3 * HOUR,
      touchAfter: 0,
      clearCookie: false,
      refreshCookie: false,
      cacheControl: false,
      saveMode: 'overwrite',
      failOnSaveError: false,
      storeTimeout: 10_000,
      name: 'sid',
      genid: () => 'id',
      cookie: { sameSite: 'strict', secure: true, path: '/app' },
    } as const
    expect(recommended(yours)).toEqual(yours)
  })

  it('does not merge with resave, which session() rejects', () => {
    expect(recommended({ resave: true }).saveMode).toBe('overwrite')
    expect(() => session({ ...recommended({ resave: true }), secret: SECRET })).not.toThrow()
  })

  it('does not change your options', () => {
    const yours = { secret: SECRET, cookie: { path: '/app' } }
    recommended(yours)
    expect(yours).toEqual({ secret: SECRET, cookie: { path: '/app' } })
  })

  it('keeps options that session() finds too: getters of a class, and inherited ones', () => {
    class Settings {
      secret = SECRET
      get idleTimeout() {
        return MINUTE
      }
      get cookie() {
        return Object.create({ maxAge: HOUR })
      }
    }
    const expected = { secret: SECRET, idleTimeout: MINUTE, touchAfter: MINUTE / 10 }
    const cookie = { maxAge: HOUR, sameSite: 'lax', secure: 'auto' }
    expect(recommended(new Settings())).toMatchObject({ ...expected, cookie })
    expect(recommended(Object.create({ secret: SECRET, idleTimeout: MINUTE }))).toMatchObject(expected)
  })

  it('takes an undefined option for one that is not set', () => {
    expect(recommended({ idleTimeout: undefined, cookie: { sameSite: undefined } })).toEqual(recommended())
    expect(recommended({ cookie: undefined })).toEqual(recommended())
    expect(recommended({ cookie: null as never })).toEqual(recommended())
  })

  it('takes false for a timeout that is off', () => {
    const { idleTimeout, absoluteTimeout } = recommended({ idleTimeout: false, absoluteTimeout: false })
    expect([idleTimeout, absoluteTimeout]).toEqual([false, false])
  })

  it('fills in the attributes of the cookie one by one', () => {
    expect(recommended({ cookie: { maxAge: HOUR, sameSite: 'none' } }).cookie).toEqual({
      maxAge: HOUR,
      sameSite: 'none',
      secure: 'auto',
    })
  })

  it('fills them in also if the cookie is a function', () => {
    const { cookie } = recommended({
      cookie: (req: Request) => ({ path: req.url, secure: undefined }),
    }) as MiddlewareOptions
    if (typeof cookie !== 'function') throw new Error('the cookie is no function')
    expect(cookie({ url: '/a' } as Request)).toEqual({ path: '/a', sameSite: 'lax', secure: 'auto' })
  })

  it.each([
    [undefined, { sameSite: 'lax', secure: 'auto' }],
    [null, { sameSite: 'lax', secure: 'auto' }],
    ['a', 'a'],
  ])('takes %j from a cookie function for %j, as session() does without it', (given, expected) => {
    const { cookie } = recommended({ cookie: () => given as never }) as MiddlewareOptions
    expect((cookie as (req: object) => unknown)({})).toEqual(expected)
  })

  it.each([
    ['the idle timeout to a shorter absolute one', { absoluteTimeout: 30 * MINUTE }, 30 * MINUTE, MINUTE],
    ['a longer idle timeout to the absolute one', { idleTimeout: 48 * HOUR }, 24 * HOUR, MINUTE],
    ['touchAfter to the idle timeout', { idleTimeout: 5 * MINUTE }, 5 * MINUTE, MINUTE / 2],
    ['touchAfter to the absolute timeout', { absoluteTimeout: 50_000 }, 50_000, 5_000],
    ["touchAfter to the cookie's lifetime", { cookie: { maxAge: 100_000 } }, HOUR, 10_000],
  ])('fits %s', (_what, options, idleTimeout, touchAfter) => {
    const filled = recommended({ secret: SECRET, ...options })
    expect(filled).toMatchObject({ idleTimeout, touchAfter })
    expect(() => resolveOptions(filled)).not.toThrow()
  })

  it.each<[string, object, string]>([
    [
      'two timeouts of yours that do not fit',
      { idleTimeout: 2, absoluteTimeout: 1 },
      'idleTimeout option (2) must be at most absoluteTimeout (1)',
    ],
    ['a touchAfter of yours that is too long', { touchAfter: HOUR }, 'must be less than idleTimeout'],
    ['a cookie that is no object', { cookie: 'a' }, 'cookie option'],
    ['a cookie lifetime that is no number', { cookie: { maxAge: '1h' } }, 'maxAge'],
    [
      'a touchAfter that is off by false',
      { touchAfter: false },
      'or 0 for a touch at each request; got false',
    ],
    ...['idleTimeout', 'absoluteTimeout'].flatMap((name) =>
      [null, true, 0, -5, Number.NaN, Number.POSITIVE_INFINITY, '1h', '5', {}].map(
        (value): [string, object, string] => [
          `the ${name} ${inspect(value)}`,
          { [name]: value },
          `${name} option must be a positive number of milliseconds`,
        ],
      ),
    ),
  ])('leaves %s to the TypeError of session()', (_what, options, message) => {
    const make = () => session(recommended({ secret: SECRET, ...options }))
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })

  it.each<[string, Partial<MiddlewareOptions>]>([
    ['timeouts that are off', { idleTimeout: false, absoluteTimeout: false }],
    ['timeouts that are off and a MemoryStore with a short ttl', { ...OFF, store: shortLived }],
    ['an idle timeout of a millisecond', { idleTimeout: 1 }],
    ['a fraction of a millisecond', { idleTimeout: 0.5 }],
    ['an absolute timeout of a millisecond', { absoluteTimeout: 1 }],
    ['a cookie that has expired already', { cookie: { maxAge: 0 } }],
    ['a cookie of a millisecond', { cookie: { maxAge: 1 } }],
    ['a cookie without a lifetime', { cookie: { maxAge: null as never } }],
    ['a fixed end of the cookie', { cookie: { expires: new Date(0) } }],
    ['a cookie function', { cookie: () => ({ maxAge: 1 }) }],
    ['a CookieStore', { store: cookieStore }],
    ['a CookieStore and a cookie of a millisecond', { store: cookieStore, cookie: { maxAge: 1 } }],
    ['resave', { resave: true }],
    ['no storeTimeout', { storeTimeout: false }],
  ])('gives what session() accepts for %s', (_what, options) => {
    const { limits, touchLog } = resolveOptions(recommended({ secret: SECRET, ...options }))
    expect(limits?.idle).toEqual(options.idleTimeout === false ? undefined : expect.any(Number))
    expect(touchLog).toBeDefined()
  })
})
