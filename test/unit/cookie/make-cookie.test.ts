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
  ])("decides an attribute of 'auto' by the connection (%#)", (req, secure, sameSite) => {
    const cookie = makeCookie({ secure: 'auto', sameSite: 'auto' }, req, undefined)
    expect(cookie).toMatchObject({ secure, sameSite })
  })

  it("decides an attribute of 'auto' by a trusted proxy", () => {
    const proxied = { headers: { 'x-forwarded-proto': 'https' } } as unknown as SessionRequest
    const secure = [true, false, undefined].map(
      (trust) => makeCookie({ secure: 'auto' }, proxied, trust).secure,
    )
    expect(secure).toEqual([true, false, false])
  })

  it("does not change attributes other than 'auto'", () => {
    expect(makeCookie({ secure: true, sameSite: 'strict' }, plain, undefined)).toMatchObject({
      secure: true,
      sameSite: 'strict',
    })
    expect(makeCookie({}, tls, undefined).data).toMatchObject({ secure: undefined, sameSite: undefined })
  })

  it('copies the Date for each session', () => {
    const options = { expires: new Date(0) }
    const [one, other] = [makeCookie(options, plain, undefined), makeCookie(options, plain, undefined)]
    one.expires?.setFullYear(2050)
    expect([other.expires, options.expires]).toEqual([new Date(0), new Date(0)])
  })

  it('uses maxAge when it follows expires', () => {
    const cookie = makeCookie({ expires: new Date(0), maxAge: null }, plain, undefined)
    expect(cookie.expires).toBeNull()
  })
})

describe('restoreCookie', () => {
  it('restores a cookie from its JSON, with its remaining lifetime', () => {
    const stored = JSON.stringify(new Cookie({ maxAge: HOUR, domain: 'a.example', sameSite: 'auto' }))
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

  it('copies the Date of the record', () => {
    const stored = { originalMaxAge: HOUR, expires: soon() }
    restoreCookie(stored).expires?.setFullYear(2050)
    expect(stored.expires).toEqual(soon())
  })

  it('treats undefined attributes as missing', () => {
    const stored = { originalMaxAge: null, path: undefined, httpOnly: undefined }
    expect(restoreCookie(stored)).toMatchObject({ path: '/', httpOnly: true, _expires: null })
  })

  it.each(['text', 5])('throws for %j, which is not a cookie', (stored) => {
    expect(() => restoreCookie(stored as never)).toThrow('argument options must be a object')
  })

  it('throws for a record without a cookie with the text of express-session', () => {
    expect(() => restoreCookie(undefined as never)).toThrow(/^Cannot read prop/)
  })
})
