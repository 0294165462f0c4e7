import { describe, expect, it, vi } from 'vitest'
import { Cookie, type CookieOptions } from '../src/cookie'
import { expiryOf, reviveCookie } from '../src/stored-cookie'
import { freezeClock } from './support/clock'

const NOW = Date.UTC(2030, 0, 1)
const HOUR = 3_600_000
const soon = () => new Date(NOW + HOUR)

freezeClock(NOW)

describe('reviveCookie', () => {
  it('brings back what JSON left of a cookie, with its remaining lifetime', () => {
    const stored = JSON.stringify(new Cookie({ maxAge: HOUR, domain: 'a.example', sameSite: 'auto' }))
    vi.setSystemTime(NOW + HOUR / 4)
    const cookie = reviveCookie(JSON.parse(stored))
    expect(cookie).toBeInstanceOf(Cookie)
    expect(cookie).toMatchObject({ maxAge: 0.75 * HOUR, originalMaxAge: HOUR, domain: 'a.example' })
    expect(cookie.expires).toEqual(soon())
    expect(JSON.stringify(cookie)).toBe(stored)
  })

  it.each([
    ['a live cookie', () => new Cookie({ maxAge: HOUR })],
    ['a plain object with a Date', () => ({ originalMaxAge: HOUR, expires: soon() })],
    ['a number as the originalMaxAge of another lifetime', () => ({ originalMaxAge: 5, expires: soon() })],
    ['no expiry', () => ({ originalMaxAge: null, expires: null })],
  ])('takes %s', (_what, make) => {
    const stored = make()
    const cookie = reviveCookie(stored)
    expect(cookie).not.toBe(stored)
    expect(cookie).toMatchObject({ originalMaxAge: stored.originalMaxAge, expires: stored.expires })
  })

  it('gives the cookie a Date of its own', () => {
    const stored = { originalMaxAge: HOUR, expires: soon() }
    reviveCookie(stored).expires?.setFullYear(2050)
    expect(stored.expires).toEqual(soon())
  })

  it('takes what is undefined for what JSON would have dropped', () => {
    const stored = { originalMaxAge: null, path: undefined, httpOnly: undefined }
    expect(reviveCookie(stored)).toMatchObject({ path: '/', httpOnly: true, _expires: null })
  })

  it.each(['text', 5])('refuses %j, which is no cookie', (stored) => {
    expect(() => reviveCookie(stored as never)).toThrow('argument options must be a object')
  })

  it('fails for a record without a cookie in the words users know', () => {
    expect(() => reviveCookie(undefined as never)).toThrow(/^Cannot read prop/)
  })
})

describe('expiryOf', () => {
  it.each<[unknown, number | undefined]>([
    [undefined, undefined],
    [null, undefined],
    [{}, undefined],
    [{ expires: null }, undefined],
    [{ expires: '' }, undefined],
    [{ expires: false }, undefined],
    [{ expires: {} }, undefined],
    [{ expires: new Date(5) }, 5],
    [{ expires: '1970-01-01T00:00:00.005Z' }, 5],
    [{ expires: 5 }, 5],
    [{ expires: 'never' }, Number.NaN],
    ['expires', undefined],
  ])('reads %j as %s', (cookie, expiry) => {
    expect(expiryOf(cookie)).toBe(expiry)
  })

  it('reads a live cookie', () => {
    expect(expiryOf(new Cookie({ maxAge: HOUR } satisfies CookieOptions))).toBe(NOW + HOUR)
  })
})
