import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { restoreCookie } from '../../../src/cookie/restore-cookie'
import type { SessionCookie } from '../../../src/types'
import { freezeClock } from '../../support/clock'

const NOW = Date.UTC(2030, 0, 1)
const HOUR = 3_600_000
const soon = () => new Date(NOW + HOUR)

freezeClock(NOW)

describe('restoreCookie', () => {
  it('restores a cookie from its JSON, with its remaining lifetime', () => {
    const stored = JSON.stringify(new Cookie({ maxAge: HOUR, domain: 'a.example', sameSite: 'lax' }))
    vi.setSystemTime(NOW + HOUR / 4)
    const cookie = restoreCookie(JSON.parse(stored))
    expect(cookie).toBeInstanceOf(Cookie)
    expect(cookie).toMatchObject({ maxAge: 0.75 * HOUR, originalMaxAge: HOUR, domain: 'a.example' })
    expect(cookie.expires).toEqual(soon())
    expect(JSON.stringify(cookie)).toBe(stored)
  })

  it.each([
    ['a Cookie', () => new Cookie({ maxAge: HOUR })],
    ['a plain object with a Date', () => ({ originalMaxAge: HOUR, expires: soon() })],
    ['a number as the originalMaxAge of another lifetime', () => ({ originalMaxAge: 5, expires: soon() })],
    ['no expiry', () => ({ originalMaxAge: null, expires: null })],
  ])('accepts %s', (_what, make) => {
    const stored = make()
    const cookie = restoreCookie(stored)
    expect(cookie).not.toBe(stored)
    expect(cookie).toMatchObject({ originalMaxAge: stored.originalMaxAge, expires: stored.expires })
  })

  it.each([
    ['an expiry', { expires: soon() }],
    ['no expiry', {}],
  ])('adds no originalMaxAge to a record without one, with %s', (_what, stored) => {
    const cookie = restoreCookie(JSON.parse(JSON.stringify(stored)))
    expect(JSON.parse(JSON.stringify(cookie))).not.toHaveProperty('originalMaxAge')
  })

  it('copies the Date of the record', () => {
    const stored = { originalMaxAge: HOUR, expires: soon() }
    restoreCookie(stored).expires?.setFullYear(2050)
    expect(stored.expires).toEqual(soon())
  })

  it('treats undefined attributes as missing', () => {
    const stored = { originalMaxAge: null, path: undefined, httpOnly: undefined }
    expect(restoreCookie(stored)).toMatchObject({ path: '/', httpOnly: true, _expires: null })
  })

  it.each<[value: unknown, lifetime: unknown]>([
    [HOUR, HOUR],
    [0, 0],
    [-HOUR, -HOUR],
    [null, null],
    [undefined, undefined],
    ['3600000', HOUR],
    [3_600_000n, HOUR],
    ['', null],
    [' ', null],
    ['1 hour', null],
    [true, null],
    [{ a: 1 }, null],
    [[HOUR], null],
    [1e308, null],
    [8.64e15, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [10n ** 40n, null],
    [new Date(NOW), null],
    [Symbol('x'), null],
  ])('takes the originalMaxAge %o for %s', (originalMaxAge, lifetime) => {
    const cookie = restoreCookie({ originalMaxAge } as never)
    expect(cookie.originalMaxAge).toBe(lifetime)
    expectUsable(cookie)
  })

  it('counts a lifetime that cannot be read from the expiry', () => {
    const cookie = restoreCookie({ originalMaxAge: { a: 1 }, expires: soon().toISOString() } as never)
    expect(cookie).toMatchObject({ originalMaxAge: HOUR, expires: soon() })
    expectUsable(cookie)
  })

  it.each<[value: unknown, expires: Date | null]>([
    [soon().toISOString(), soon()],
    [soon().getTime(), soon()],
    [runInNewContext('new Date(ms)', { ms: NOW + HOUR }), soon()],
    ['never', null],
    ['', null],
    [0, null],
    [1e300, null],
    [Number.NaN, null],
    [new Date(Number.NaN), null],
    [new Proxy(soon(), {}), null],
    [{}, null],
    [[], null],
    [true, null],
    [5n, null],
    [Symbol('x'), null],
  ])('takes the expiry %o for %s', (expires, date) => {
    for (const key of ['expires', '_expires']) {
      const cookie = restoreCookie({ originalMaxAge: null, [key]: expires } as never)
      expect(cookie._expires).toEqual(date)
      expect(Object.hasOwn(cookie, '_expires')).toBe(true)
      expectUsable(cookie)
    }
  })

  it.each<[attribute: string, fine: unknown[], wrong: unknown[]]>([
    ['path', ['/', '/a b', 'a', '', null], [5, {}, [], ['/a'], true, '/a;b', '/a\nb', '/é', '/<', 5n]],
    [
      'domain',
      ['example.com', '.a.example', '', null],
      [5, {}, [], ['a.example'], true, 'a;b', 'a\r\nX: 1', 'a:80', 'a..b', '-a', 5n],
    ],
    ['sameSite', [true, false, 'lax', 'Strict', 'none', '', null], ['auto', 'other', 5, {}, [], ['lax'], 5n]],
    ['priority', ['low', 'Medium', 'high', '', null], ['urgent', 5, true, {}, [], ['low'], 5n]],
  ])('takes the %s that Set-Cookie can have, and drops others', (attribute, fine, wrong) => {
    const read = (value: unknown) => restoreCookie({ originalMaxAge: null, [attribute]: value } as never)
    const unset = Reflect.get(new Cookie(), attribute)
    for (const value of fine) expect(Reflect.get(read(value), attribute)).toBe(value)
    for (const value of wrong) {
      expect(Reflect.get(read(value), attribute)).toBe(unset)
      expectUsable(read(value))
    }
  })

  it.each(['secure', 'httpOnly', 'partitioned'])('takes any %s for a boolean', (attribute) => {
    const read = (value: unknown) => {
      const cookie = restoreCookie({ originalMaxAge: null, [attribute]: value } as never)
      expectUsable(cookie)
      return Reflect.get(cookie, attribute)
    }
    expect([true, false, null, 1, 0, 'yes', '', {}, 5n].map(read)).toEqual([
      true,
      false,
      null,
      true,
      false,
      true,
      false,
      true,
      true,
    ])
    expect(read('auto')).toBe(attribute === 'secure' ? 'auto' : true)
  })

  it('keeps attributes that it does not know, and drops those that would hide a member', () => {
    const keys = [...Object.getOwnPropertyNames(Object.prototype), 'data', 'serialize', 'toJSON']
    const stored = JSON.parse(
      `{"originalMaxAge":null,"color":"blue",${keys.map((key) => `"${key}":1`).join()}}`,
    )
    const cookie = restoreCookie(stored)
    expect(Object.keys(cookie).sort()).toEqual(['_expires', 'color', 'httpOnly', 'originalMaxAge', 'path'])
    expect(Object.getPrototypeOf(cookie)).toBe(Cookie.prototype)
    expectUsable(cookie)
  })

  it('takes an array and a proxy for objects', () => {
    expectUsable(restoreCookie([1, 'a'] as never))
    const proxy = restoreCookie(new Proxy({ originalMaxAge: HOUR, expires: soon() }, {}))
    expect(proxy).toMatchObject({ originalMaxAge: HOUR, expires: soon() })
    expectUsable(proxy)
  })

  it.each(['path', 'color', 'expires', 'originalMaxAge'])(
    'throws what the getter of its %s throws, once',
    (key) => {
      const broken = Object.defineProperty({}, key, {
        enumerable: true,
        get() {
          throw new Error('corrupt column')
        },
      })
      expect(() => restoreCookie(broken as never)).toThrow('corrupt column')
    },
  )

  it.each([
    [{ maxAge: 1000 }, NOW + 1000],
    [{ maxAge: '1000' }, NOW + 1000],
    [{ maxAge: 'text' }, undefined],
    [{ maxAge: {} }, undefined],
    [{ maxAge: 1000, expires: soon().toISOString() }, NOW + HOUR],
  ])('reads the maxAge of %j', (stored, expiry) => {
    const cookie = restoreCookie({ originalMaxAge: null, ...stored } as never)
    expect(cookie.expires?.getTime()).toBe(expiry)
    expectUsable(cookie)
  })

  it.each(['text', 5])('throws for %j, which is not a cookie', (stored) => {
    expect(() => restoreCookie(stored as never)).toThrow('argument options must be a object')
  })

  it('throws for a record without a cookie with the text of express-session', () => {
    expect(() => restoreCookie(undefined as never)).toThrow(/^Cannot read prop/)
  })
})

/** Everything that the middleware, an application or a store does with a cookie. */
function expectUsable(cookie: SessionCookie) {
  const text = () => [cookie.serialize('connect.sid', 'x'), JSON.stringify(cookie), cookie.maxAge]
  expect(text).not.toThrow()
  expect(() => {
    cookie.maxAge = cookie.originalMaxAge
  }).not.toThrow()
  expect(text).not.toThrow()
}
