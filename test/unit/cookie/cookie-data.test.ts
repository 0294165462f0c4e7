import { describe, expect, it } from 'vitest'
import { Cookie, type CookieOptions } from '../../../src/cookie/cookie'
import { expiryOf, isSameData, withoutDate } from '../../../src/cookie/cookie-data'
import { freezeClock } from '../../support/clock'

const NOW = Date.UTC(2030, 0, 1)
const HOUR = 3_600_000

freezeClock(NOW)

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

  it('reads the expiry of a Cookie', () => {
    expect(expiryOf(new Cookie({ maxAge: HOUR } satisfies CookieOptions))).toBe(NOW + HOUR)
  })
})

describe('withoutDate', () => {
  it('makes data equal that differs only in its expiry', () => {
    const dataUntil = (expires: Date) => ({ ...new Cookie({ expires }).data, originalMaxAge: HOUR })
    const [now, later] = [dataUntil(new Date(NOW)), dataUntil(new Date(NOW + HOUR))]
    expect(isSameData(now, later)).toBe(false)
    expect(isSameData(withoutDate(now), withoutDate(later))).toBe(true)
  })

  it('returns the same object for data without a Date', () => {
    const { data } = new Cookie()
    expect(withoutDate(data)).toBe(data)
  })
})

describe('isSameData', () => {
  it.each<CookieOptions>([
    { expires: new Date(NOW) },
    { path: '/other' },
    { domain: 'example.com' },
    { httpOnly: false },
    { secure: true },
    { sameSite: 'lax' },
    { partitioned: true },
    { priority: 'high' },
  ])('distinguishes data that differs in %j', (options) => {
    const data = new Cookie(options).data
    expect(isSameData(data, new Cookie(options).data)).toBe(true)
    expect(isSameData(data, new Cookie().data)).toBe(false)
  })

  it('treats data with an additional key as different, even from itself', () => {
    const data = { ...new Cookie().data, note: 'mine' }
    expect(isSameData(data, data)).toBe(false)
  })
})
