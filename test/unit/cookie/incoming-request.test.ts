import { describe, expect, it } from 'vitest'
import { type IncomingRequest, isOnPath, isSecure } from '../../../src/cookie/incoming-request'

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
  ])('answers for the URL %j and the path %j: %s', (url, path, answer) => {
    expect(isOnPath({ url } as IncomingRequest, path)).toBe(answer)
    expect(isOnPath({ originalUrl: url, url: '/mounted' } as IncomingRequest, path)).toBe(answer)
  })

  it('uses req.url when req.originalUrl is not a string', () => {
    const req = { originalUrl: { path: '/x' }, url: '/admin/users' } as unknown as IncomingRequest
    expect(isOnPath(req, '/admin')).toBe(true)
  })

  it('treats a request without a URL as a request for /', () => {
    expect([isOnPath({} as IncomingRequest, '/'), isOnPath({} as IncomingRequest, '/admin')]).toEqual([
      true,
      false,
    ])
  })
})

const TLS = { socket: { encrypted: true } }
const PLAIN = { socket: {} }
const trusts = [undefined, true, false]

describe('isSecure', () => {
  it.each(trusts)('is true on a TLS socket, with the proxy option %s', (trust) => {
    expect(isSecure(request(TLS), trust)).toBe(true)
    expect(isSecure(request({ connection: { encrypted: true } }), trust)).toBe(true)
  })

  it.each(trusts)('is false on a plain socket without a proxy header, with the proxy option %s', (trust) => {
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
  ])('reads X-Forwarded-Proto %j as %s when the proxy is trusted', (header, answer) => {
    expect(isSecure(request({ ...PLAIN, headers: { 'x-forwarded-proto': header } }), true)).toBe(answer)
  })

  it.each([undefined, false])('ignores the header with the proxy option %s', (trust) => {
    expect(isSecure(request({ ...PLAIN, headers: { 'x-forwarded-proto': 'https' } }), trust)).toBe(false)
  })

  it('uses req.secure of Express only when the proxy option is not set', () => {
    expect(trusts.map((trust) => isSecure(request({ ...PLAIN, secure: true }), trust))).toEqual([
      true,
      false,
      false,
    ])
    expect(isSecure(request({ ...PLAIN, secure: 'yes' }), undefined)).toBe(false)
  })
})

function request(parts: object): IncomingRequest {
  return { headers: {}, ...parts } as IncomingRequest
}
