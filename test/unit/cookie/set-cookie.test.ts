import { serialize } from 'cookie'
import { describe, expect, it, vi } from 'vitest'
import { Cookie, type CookieOptions } from '../../../src/cookie/cookie'
import { SetCookieWriter } from '../../../src/cookie/set-cookie'
import { freezeClock } from '../../support/clock'

vi.mock('cookie', async (importActual) => {
  const actual = await importActual<typeof import('cookie')>()
  return { ...actual, serialize: vi.fn(actual.serialize) }
})

const NAME = 'connect.sid'
const NOON = Date.UTC(2030, 0, 1, 12)

// `originalMaxAge` is counted from the current time, so two cookies made a millisecond apart differ.
freezeClock(NOON)

const ALL: CookieOptions = {
  expires: new Date(NOON),
  domain: 'a.example',
  path: '/x',
  secure: true,
  httpOnly: false,
  sameSite: 'none',
  partitioned: true,
  priority: 'high',
}

const OTHERS: CookieOptions = {
  expires: new Date(NOON + 1000),
  domain: 'b.example',
  path: '/y',
  secure: false,
  httpOnly: true,
  sameSite: 'lax',
  partitioned: false,
  priority: 'low',
}

freezeClock(NOON)

describe('SetCookie', () => {
  it('writes the value unchanged, and the attributes like the cookie package', () => {
    expect(write('s%3Aa.b', {})).toBe(`${NAME}=s%3Aa.b; Path=/; HttpOnly`)
    expect(write('s%3Aa.b', ALL)).toBe(serialize(NAME, 's:a.b', ALL as object))
  })

  it.each<[string, CookieOptions]>([
    ['no expiry', {}],
    ['an expiry', ALL],
  ])('serializes the attributes once while they are the same, with %s', (_what, options) => {
    const setCookie = new SetCookieWriter(NAME)
    const { calls } = vi.mocked(serialize).mock
    const before = calls.length
    for (let i = 0; i < 3; i++) setCookie.write('a', new Cookie(options))
    expect(calls.length - before).toBe(1)
  })

  it('writes attributes that the application adds to cookie.data', () => {
    const setCookie = new SetCookieWriter(NAME)
    for (const maxAge of [1000, 2000, undefined]) {
      const cookie = new Cookie()
      const data = { ...cookie.data, ...(maxAge && { maxAge: maxAge / 1000 }) }
      Object.defineProperty(cookie, 'data', { value: data })
      expect(setCookie.write('a', cookie)).toBe(serialize(NAME, 'a', data as object))
    }
  })

  it('does not change cookie.data', () => {
    const data = Object.freeze(new Cookie(ALL).data)
    const cookie = Object.defineProperty(new Cookie(), 'data', { value: data })
    for (let i = 0; i < 2; i++) {
      expect(new SetCookieWriter(NAME).write('a', cookie)).toBe(serialize(NAME, 'a', ALL as object))
    }
  })

  it('writes no attributes for an object without data', () => {
    expect(new SetCookieWriter(NAME).write('a', { path: '/x' } as Cookie)).toBe(`${NAME}=a`)
  })

  it.each(Object.keys(ALL) as (keyof CookieOptions)[])('writes the new value when %s changes', (key) => {
    const setCookie = new SetCookieWriter(NAME)
    for (const change of [{}, { [key]: OTHERS[key] }, { [key]: undefined }, {}]) {
      const options = { ...ALL, ...change }
      expect(setCookie.write('a', new Cookie(options))).toBe(serialize(NAME, 'a', options as object))
    }
  })

  it('writes each expiry to the second', () => {
    const setCookie = new SetCookieWriter(NAME)
    for (const [ms, time] of [
      [0, '12:00:00'],
      [999, '12:00:00'],
      [1000, '12:00:01'],
      [-1, '11:59:59'],
      [0, '12:00:00'],
    ] as const) {
      const cookie = new Cookie({ expires: new Date(NOON + ms) })
      expect(setCookie.write('a', cookie)).toContain(`Expires=Tue, 01 Jan 2030 ${time} GMT`)
      expect(cookie.expires).toEqual(new Date(NOON + ms))
    }
  })

  it.each<[string, object]>([
    ['an invalid Date as expiry', { expires: new Date(Number.NaN) }],
    ['an expiry that is not a Date', { expires: 'soon' }],
    ['a domain with a semicolon', { domain: 'a;b' }],
    ['a path with a line break', { path: '/\r\n' }],
    ['an unknown sameSite', { sameSite: 'sometimes' }],
  ])('throws for %s each time, and writes the next valid cookie', (_what, wrong) => {
    const setCookie = new SetCookieWriter(NAME)
    const before = setCookie.write('a', new Cookie())
    for (let i = 0; i < 2; i++) {
      const cookie = Object.assign(new Cookie(), wrong)
      expect(() => setCookie.write('a', cookie)).toThrow(TypeError)
    }
    expect(setCookie.write('a', new Cookie())).toBe(before)
  })
})

function write(text: string, options: CookieOptions) {
  return new SetCookieWriter(NAME).write(text, new Cookie(options))
}
