import { describe, expect, it } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { expireCookie, setsCookie } from '../../../src/cookie/expire-cookie'

describe('expireCookie', () => {
  it('deletes the cookie with the same path, domain, partition and flags', () => {
    const cookie = new Cookie({
      domain: 'example.com',
      path: '/app',
      secure: true,
      sameSite: 'none',
      partitioned: true,
      maxAge: 60_000,
    })
    expect(expireCookie('__Secure-id', cookie).split('; ').sort()).toEqual([
      'Domain=example.com',
      'Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'HttpOnly',
      'Partitioned',
      'Path=/app',
      'SameSite=None',
      'Secure',
      '__Secure-id=',
    ])
    expect(cookie.originalMaxAge).toBe(60_000)
  })
})

describe('setsCookie', () => {
  it.each<[lines: unknown[], sets: boolean]>([
    [[], false],
    [['id=1; Path=/'], true],
    [['other=1', 'id=a=b'], true],
    [['id=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], false],
    [['id'], false],
    [['xid=1'], false],
    [['ID=1'], false],
    [[' id = 1'], true],
    [[5], false],
  ])('%j: %s', (lines, sets) => {
    expect(setsCookie('id', lines)).toBe(sets)
  })
})
