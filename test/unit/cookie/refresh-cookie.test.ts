import { describe, expect, it } from 'vitest'
import { configuredSource } from '../../../src/cookie/configured-cookie'
import { Cookie, type CookieOptions } from '../../../src/cookie/cookie'
import type { IncomingRequest } from '../../../src/cookie/incoming-request'
import { refreshCookie } from '../../../src/cookie/refresh-cookie'
import { restoreCookie } from '../../../src/cookie/restore-cookie'
import { freezeClock } from '../../support/clock'

const HOUR = 3_600_000
const req = { headers: {} } as IncomingRequest

freezeClock(Date.UTC(2030, 0, 1))

describe('refreshCookie', () => {
  it.each<[before: CookieOptions, today: CookieOptions, result: string]>([
    [{}, {}, 'same'],
    [{}, { sameSite: 'lax' }, 'changed'],
    [{ sameSite: 'lax' }, {}, 'changed'],
    [{ sameSite: true }, { sameSite: 'strict' }, 'same'],
    [{ sameSite: 'lax' }, { sameSite: 'LAX' as 'lax' }, 'same'],
    [{ secure: false }, {}, 'same'],
    [{ secure: 'yes' as never }, { secure: true }, 'same'],
    [{}, { secure: true }, 'changed'],
    [{ httpOnly: false }, {}, 'changed'],
    [{}, { priority: 'high' }, 'changed'],
    [{}, { path: '/app' }, 'moved'],
    [{}, { domain: 'example.com' }, 'moved'],
    [{ domain: 'example.com' }, { sameSite: 'lax' }, 'moved'],
    [{}, { partitioned: true }, 'moved'],
    [{}, { maxAge: HOUR }, 'changed'],
    [{ maxAge: HOUR }, { maxAge: HOUR }, 'same'],
    [{ maxAge: HOUR }, { maxAge: 2 * HOUR }, 'changed'],
    [{ maxAge: HOUR }, {}, 'changed'],
    [{ expires: new Date(0) }, { expires: new Date(1) }, 'same'],
    [{ maxAge: HOUR }, { expires: new Date(1) }, 'same'],
  ])('gives a cookie made with %j the attributes of %j: %s', (before, today, result) => {
    const cookie = stored(before)
    expect(refreshCookie(cookie, configured(today))).toBe(result)
    expect(refreshCookie(stored(before, cookie), configured(today))).toBe('same')
    if (result !== 'same') expect(cookie.data).toEqual(stored(today).data)
  })

  it.each<[name: string, change: Partial<Cookie>]>([
    ['a lifetime', { maxAge: 30 * 24 * HOUR }],
    ['no lifetime', { expires: null }],
    ['sameSite', { sameSite: 'none' }],
    ['the path', { path: '/mine' }],
  ])('keeps %s that the application gave the session', (_name, change) => {
    const cookie = stored({ maxAge: HOUR }, Object.assign(made({ maxAge: HOUR }), change))
    const today = configured({ maxAge: 2 * HOUR, sameSite: 'strict', path: '/app', priority: 'low' })
    refreshCookie(cookie, today)
    expect(cookie).toMatchObject({ ...change, maxAge: cookie.maxAge, priority: 'low' })
    if ('maxAge' in change) expect(cookie.originalMaxAge).toBe(30 * 24 * HOUR)
    if ('expires' in change) expect(cookie.expires).toBeNull()
  })

  it.each([HOUR, null])('keeps the lifetime %j of a cookie from before the option was set', (lifetime) => {
    const cookie = restoreCookie(JSON.parse(JSON.stringify(new Cookie({ maxAge: lifetime }))))
    expect(refreshCookie(cookie, configured({ maxAge: 2 * HOUR, sameSite: 'lax' }))).toBe('changed')
    expect(cookie).toMatchObject({ originalMaxAge: lifetime, sameSite: 'lax' })
  })

  it('refreshes such a lifetime once it is known to be the one of the options', () => {
    const cookie = restoreCookie(JSON.parse(JSON.stringify(new Cookie({ maxAge: HOUR }))))
    expect(refreshCookie(cookie, configured({ maxAge: HOUR }))).toBe('same')
    expect(refreshCookie(cookie, configured({ maxAge: 2 * HOUR }))).toBe('changed')
    expect(cookie.originalMaxAge).toBe(2 * HOUR)
  })

  it.each([[5], ['x'], [null], [[]]])(
    'ignores a stored value that is no such object: %j',
    (configuredValue) => {
      const cookie = restoreCookie({
        originalMaxAge: null,
        path: '/',
        httpOnly: true,
        configured: configuredValue,
      } as never)
      expect(refreshCookie(cookie, configured({}))).toBe('same')
    },
  )
})

describe('configuredSource', () => {
  it('returns the same object for the same options, for each kind of connection', () => {
    const configuredFor = configuredSource(true)
    const options: CookieOptions = { secure: 'auto', sameSite: 'auto' }
    const overTls = { headers: { 'x-forwarded-proto': 'https' } } as unknown as IncomingRequest
    expect(configuredFor(options, req)).toMatchObject({ secure: false, sameSite: 'lax' })
    expect(configuredFor(options, overTls)).toMatchObject({ secure: true, sameSite: 'none' })
    expect(configuredFor(options, req)).toBe(configuredFor(options, req))
    expect(configuredFor({ ...options }, req)).not.toBe(configuredFor(options, req))
  })
})

function configured(options: CookieOptions) {
  return configuredSource(undefined)(options, req)
}

function made(options: CookieOptions) {
  return Object.assign(new Cookie(options), { configured: configured(options) })
}

/** Returns a cookie as it is loaded from a store. */
function stored(options: CookieOptions, cookie: Cookie = made(options)) {
  return restoreCookie(JSON.parse(JSON.stringify(cookie)))
}
