import { describe, expect, it } from 'vitest'
import { isOnPath } from '../src/path'
import type { SessionRequest } from '../src/request'

describe('isOnPath', () => {
  it.each([
    ['/', '/', true],
    ['/anything', '/', true],
    ['*', '/', true],
    ['/admin', '/admin', true],
    ['/admin/', '/admin', true],
    ['/admin/users', '/admin', true],
    ['/admin?x=/', '/admin', true],
    ['/admin#x', '/admin', true],
    ['/administrator', '/admin', false],
    ['/admin.php', '/admin', false],
    ['/Admin', '/admin', false],
    ['/adm', '/admin', false],
    ['/', '/admin', false],
    ['/x?/admin', '/admin', false],
    ['/x/admin', '/admin', false],
    ['/admin/', '/admin/', true],
    ['/admin/users', '/admin/', true],
    ['/admin', '/admin/', false],
    ['http://a.example/admin/x?y', '/admin', true],
    ['http://a.example/administrator', '/admin', false],
    ['http://a.example', '/admin', false],
    ['*', '/admin', false],
    ['', '/admin', false],
  ])('says of %j below %j: %s', (url, path, answer) => {
    expect(isOnPath({ url } as SessionRequest, path)).toBe(answer)
    expect(isOnPath({ originalUrl: url, url: '/mounted' } as SessionRequest, path)).toBe(answer)
  })

  it('takes a request without a URL for the root', () => {
    expect([isOnPath({} as SessionRequest, '/'), isOnPath({} as SessionRequest, '/admin')]).toEqual([
      true,
      false,
    ])
  })
})
