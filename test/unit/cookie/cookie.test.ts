import { describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { freezeClock } from '../../support/clock'
import { compare } from '../../support/implementations'

const NOW = Date.UTC(2030, 0, 1)
const HOUR = 3_600_000
const soon = () => new Date(NOW + HOUR)

freezeClock(NOW)

/** Valid and invalid options that both libraries must treat in the same way. */
const OPTIONS: [what: string, options: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['an empty object', {}],
  ['a maxAge', { maxAge: HOUR }],
  ['a maxAge of null', { maxAge: null }],
  ['a maxAge of undefined', { maxAge: undefined }],
  ['a maxAge of 0', { maxAge: 0 }],
  ['a negative maxAge', { maxAge: -HOUR }],
  ['a Date as maxAge', { maxAge: soon() }],
  ['a string as maxAge', { maxAge: '1h' }],
  ['an expires Date', { expires: soon() }],
  ['an expires of null', { expires: null }],
  ['an expires of undefined', { expires: undefined }],
  ['an expires string', { expires: soon().toISOString() }],
  ['expires, then maxAge', { expires: soon(), maxAge: 2 * HOUR }],
  ['maxAge, then expires', { maxAge: 2 * HOUR, expires: soon() }],
  ['an originalMaxAge', { originalMaxAge: HOUR, maxAge: 2 * HOUR }],
  ['an originalMaxAge of null after expires', { expires: soon(), originalMaxAge: null }],
  ['the cookie of a record', { originalMaxAge: HOUR, expires: soon(), httpOnly: true, path: '/' }],
  ['every attribute', { path: '/a', httpOnly: false, domain: 'a.example', secure: true, sameSite: 'none' }],
  ['the newer attributes', { partitioned: true, priority: 'high' }],
  ['sameSite true', { sameSite: true }],
  ['compatible extras', { signed: true, overwrite: true }],
  ['data', { data: { path: '/evil' } }],
  ['inherited options', Object.create({ path: '/inherited' })],
  ['a string', 'maxAge'],
  ['a number', 5],
]

describe('Cookie', () => {
  it.each(OPTIONS)("created from %s is the same as in npm's express-session", async (_what, options) => {
    const { ours, upstream } = await compare((session) =>
      describeCookie(() => new session.Cookie(options as never)),
    )
    expect(ours).toEqual(upstream)
  })

  it.each<[string, (cookie: Cookie) => unknown]>([
    ['maxAge is set', (cookie) => Object.assign(cookie, { maxAge: 5 })],
    ['maxAge is unset', (cookie) => Object.assign(cookie, { maxAge: null })],
    ['maxAge is false', (cookie) => Object.assign(cookie, { maxAge: false })],
    ['maxAge is a string', (cookie) => Object.assign(cookie, { maxAge: '5' })],
    ['expires is set', (cookie) => Object.assign(cookie, { expires: soon() })],
    ['expires is false', (cookie) => Object.assign(cookie, { expires: false })],
    ['a part of its lifetime is over', () => vi.setSystemTime(NOW + HOUR / 2)],
    ['all of its lifetime is over', () => vi.setSystemTime(NOW + 2 * HOUR)],
    ['attributes are set', (cookie) => Object.assign(cookie, { path: '/x', secure: true, sameSite: 'lax' })],
  ])("is the same as in npm's express-session when %s", async (_what, change) => {
    const { ours, upstream } = await compare((session) => {
      vi.setSystemTime(NOW)
      return describeCookie(() => {
        const cookie = new session.Cookie({ maxAge: HOUR })
        change(cookie)
        return cookie
      })
    })
    expect(ours).toEqual(upstream)
  })

  it('keeps the Date object that it gets, in an own property that stores read', () => {
    const expires = soon()
    const cookie = new Cookie({ expires })
    expect(cookie.expires).toBe(expires)
    expect(Object.getOwnPropertyDescriptor(cookie, '_expires')).toMatchObject({
      value: expires,
      enumerable: true,
    })
  })

  it.each(['data', 'serialize', 'toJSON', 'constructor', '__proto__'])(
    'does not let an option named %s hide its own member',
    (name) => {
      const cookie = new Cookie(JSON.parse(`{"${name}":{"path":"/evil","isAdmin":true}}`))
      expect(JSON.parse(JSON.stringify(cookie))).toEqual({
        originalMaxAge: null,
        expires: null,
        httpOnly: true,
        path: '/',
      })
      expect(cookie.serialize('a', 'b')).toBe('a=b; Path=/; HttpOnly')
      expect([cookie.constructor, Reflect.get(cookie, 'isAdmin')]).toEqual([Cookie, undefined])
    },
  )

  it('reports a Date as maxAge as deprecated', () => {
    vi.stubEnv('NO_DEPRECATION', undefined)
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    new Cookie({ maxAge: soon() as never })
    vi.unstubAllEnvs()
    expect(warn.mock.calls[0]?.[0]).toMatch('maxAge as Date; pass number of milliseconds instead')
    warn.mockRestore()
  })

  it('keeps the whole lifetime as originalMaxAge, even if the clock advances during the assignment', () => {
    const clock = vi
      .spyOn(Date, 'now')
      .mockReturnValueOnce(NOW)
      .mockReturnValue(NOW + 40)
    const cookie = new Cookie({ maxAge: HOUR })
    expect([cookie.originalMaxAge, cookie.maxAge]).toEqual([HOUR, HOUR - 40])
    clock.mockRestore()
  })
})

/** Returns all public properties of a cookie, or the error that the function throws. */
function describeCookie(make: () => Cookie) {
  try {
    const cookie = make()
    const { data, expires, maxAge, originalMaxAge } = cookie
    const json = JSON.stringify(cookie)
    return { data, expires, maxAge, originalMaxAge, json, keys: Object.keys(cookie), line: lineOf(cookie) }
  } catch (err) {
    return `${(err as Error).name}: ${(err as Error).message}`
  }
}

function lineOf(cookie: Cookie) {
  try {
    return cookie.serialize('connect.sid', 's:a b')
  } catch (err) {
    return (err as Error).message
  }
}
