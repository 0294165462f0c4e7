import { describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { makeCookie, restoreCookie } from '../../../src/cookie/make-cookie'
import type { SessionRequest } from '../../../src/session/attach'
import { freezeClock } from '../../support/clock'

const NOW = Date.UTC(2030, 0, 1)
const HOUR = 3_600_000
const soon = () => new Date(NOW + HOUR)

const plain = { headers: {}, socket: {} } as SessionRequest
const tls = { headers: {}, socket: { encrypted: true } } as unknown as SessionRequest

freezeClock(NOW)

describe('makeCookie', () => {
  it.each([
    [tls, true, 'none'],
    [plain, false, 'lax'],
  ])("follows the connection where an attribute is 'auto' (%#)", (req, secure, sameSite) => {
    const cookie = makeCookie({ secure: 'auto', sameSite: 'auto' }, req, undefined)
    expect(cookie).toMatchObject({ secure, sameSite })
  })

  it("follows the proxy that is trusted where an attribute is 'auto'", () => {
    const proxied = { headers: { 'x-forwarded-proto': 'https' } } as unknown as SessionRequest
    const secure = [true, false, undefined].map(
      (trust) => makeCookie({ secure: 'auto' }, proxied, trust).secure,
    )
    expect(secure).toEqual([true, false, false])
  })

  it('leaves what is not auto alone', () => {
    expect(makeCookie({ secure: true, sameSite: 'strict' }, plain, undefined)).toMatchObject({
      secure: true,
      sameSite: 'strict',
    })
    expect(makeCookie({}, tls, undefined).data).toMatchObject({ secure: undefined, sameSite: undefined })
  })

  it('gives each session a Date of its own', () => {
    const options = { expires: new Date(0) }
    const [one, other] = [makeCookie(options, plain, undefined), makeCookie(options, plain, undefined)]
    one.expires?.setFullYear(2050)
    expect([other.expires, options.expires]).toEqual([new Date(0), new Date(0)])
  })

  it('lets maxAge after expires count', () => {
    const cookie = makeCookie({ expires: new Date(0), maxAge: null }, plain, undefined)
    expect(cookie.expires).toBeNull()
  })
})

describe('restoreCookie', () => {
  it('brings back what JSON left of a cookie, with its remaining lifetime', () => {
    const stored = JSON.stringify(new Cookie({ maxAge: HOUR, domain: 'a.example', sameSite: 'auto' }))
    vi.setSystemTime(NOW + HOUR / 4)
    const cookie = restoreCookie(JSON.parse(stored))
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
    const cookie = restoreCookie(stored)
    expect(cookie).not.toBe(stored)
    expect(cookie).toMatchObject({ originalMaxAge: stored.originalMaxAge, expires: stored.expires })
  })

  it('gives the cookie a Date of its own', () => {
    const stored = { originalMaxAge: HOUR, expires: soon() }
    restoreCookie(stored).expires?.setFullYear(2050)
    expect(stored.expires).toEqual(soon())
  })

  it('takes what is undefined for what JSON would have dropped', () => {
    const stored = { originalMaxAge: null, path: undefined, httpOnly: undefined }
    expect(restoreCookie(stored)).toMatchObject({ path: '/', httpOnly: true, _expires: null })
  })

  it.each(['text', 5])('refuses %j, which is no cookie', (stored) => {
    expect(() => restoreCookie(stored as never)).toThrow('argument options must be a object')
  })

  it('fails for a record without a cookie in the words users know', () => {
    expect(() => restoreCookie(undefined as never)).toThrow(/^Cannot read prop/)
  })
})
