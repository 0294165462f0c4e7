import { describe, expect, it } from 'vitest'
import { isSecure } from '../../../src/cookie/secure'
import type { SessionRequest } from '../../../src/session/attach'

const TLS = { socket: { encrypted: true } }
const PLAIN = { socket: {} }
const trusts = [undefined, true, false]

describe('isSecure', () => {
  it.each(trusts)('is true on a TLS socket, with the proxy option %s', (trust) => {
    expect(isSecure(request(TLS), trust)).toBe(true)
    expect(isSecure(request({ connection: { encrypted: true } }), trust)).toBe(true)
  })

  it.each(trusts)('is false on a plain socket that nobody speaks for, with the proxy option %s', (trust) => {
    expect(isSecure(request(PLAIN), trust)).toBe(false)
    expect(isSecure(request({}), trust)).toBe(false)
  })

  it.each([
    ['https', true],
    ['HTTPS', true],
    [' https ', true],
    ['https,http', true],
    ['https , http', true],
    ['http,https', false],
    ['http', false],
    [',https', false],
    ['', false],
    ['httpsx', false],
    ['xhttps', false],
    [['https', 'http'], true],
    [['http', 'https'], false],
  ])('reads X-Forwarded-Proto %j as %s where the proxy is trusted', (header, answer) => {
    expect(isSecure(request({ ...PLAIN, headers: { 'x-forwarded-proto': header } }), true)).toBe(answer)
  })

  it.each([undefined, false])('ignores the header with the proxy option %s', (trust) => {
    expect(isSecure(request({ ...PLAIN, headers: { 'x-forwarded-proto': 'https' } }), trust)).toBe(false)
  })

  it('asks Express only where the proxy option is not set', () => {
    expect(trusts.map((trust) => isSecure(request({ ...PLAIN, secure: true }), trust))).toEqual([
      true,
      false,
      false,
    ])
    expect(isSecure(request({ ...PLAIN, secure: 'yes' }), undefined)).toBe(false)
  })
})

function request(parts: object): SessionRequest {
  return { headers: {}, ...parts } as SessionRequest
}
