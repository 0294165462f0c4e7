import { describe, expect, it } from 'vitest'
import { makeCookie } from '../../../src/cookie/make-cookie'
import type { SessionRequest } from '../../../src/session/attach'
import { freezeClock } from '../../support/clock'

const NOW = Date.UTC(2030, 0, 1)

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
    const cookie = makeCookie({ expires: new Date(0), maxAge: null as never }, plain, undefined)
    expect(cookie.expires).toBeNull()
  })
})
