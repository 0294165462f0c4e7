import { describe, expect, it } from 'vitest'
import { isOnPath } from '../../../src/cookie/path'
import type { SessionRequest } from '../../../src/session/attach'

describe('isOnPath', () => {
  it.each([
    ['/', '/', true],
    ['/anything', '/', true],
    ['*', '/', false],
    ['a.example:443', '/', false],
    ['', '/', true],
    ['?x=1', '/', true],
    ['?x=/admin', '/admin', false],
    ['http://a.example', '/', true],
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

  it('asks the url where a framework has put something else than text at originalUrl', () => {
    const req = { originalUrl: { path: '/x' }, url: '/admin/users' } as unknown as SessionRequest
    expect(isOnPath(req, '/admin')).toBe(true)
  })

  it('takes a request without a URL for the root', () => {
    expect([isOnPath({} as SessionRequest, '/'), isOnPath({} as SessionRequest, '/admin')]).toEqual([
      true,
      false,
    ])
  })
})
