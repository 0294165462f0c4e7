import { describe, expect, it, vi } from 'vitest'
import type { AnyCookieOptions } from '../../../src/cookie/cookie'
import { resolveCookieOptions } from '../../../src/cookie/cookie-options'
import { Reporter } from '../../../src/diagnostics/reporter'
import type { SessionRequest } from '../../../src/session/attach'

const plain = { headers: {}, socket: {} } as SessionRequest
const tls = { headers: {}, socket: { encrypted: true } } as unknown as SessionRequest

const RIGHT: AnyCookieOptions[] = [
  {},
  { maxAge: 1 },
  { maxAge: 0 },
  { maxAge: -1 },
  { maxAge: null },
  { maxAge: new Date() as never },
  { expires: new Date(0) },
  { expires: 600_000 as never },
  { secure: 'true' as never, httpOnly: 'false' as never, partitioned: '1' as never },
  { expires: null },
  { domain: '.example.com', path: '/a b/' },
  { domain: 'localhost' },
  { domain: '127.0.0.1' },
  { domain: '' },
  { secure: '', sameSite: '', priority: '', maxAge: '', expires: '' } as never,
  { expires: 0 } as never,
  { path: '' },
  { secure: 'auto', sameSite: 'auto' },
  { secure: false, sameSite: false },
  { sameSite: true },
  { sameSite: 'Strict' as never, priority: 'High' as never },
  { httpOnly: undefined, domain: undefined },
  { partitioned: true, signed: true, encode: String },
]

const WRONG: [options: object, message: string][] = [
  [{ maxAge: Number.NaN }, 'got NaN'],
  [{ maxAge: Number.POSITIVE_INFINITY }, 'got Infinity'],
  [{ maxAge: Number.NEGATIVE_INFINITY }, 'got -Infinity'],
  [{ maxAge: 9e15 }, 'got 9000000000000000'],
  [{ maxAge: '3600' }, 'cookie.maxAge option must be a finite number of milliseconds'],
  [{ maxAge: true }, 'got true'],
  [{ expires: '2030-01-01' }, 'cookie.expires option must be a valid Date; or use cookie.maxAge'],
  [{ expires: Number.NaN }, 'got NaN'],
  [{ expires: 9e15 }, 'got 9000000000000000'],
  [{ domain: 'a.example; Secure' }, 'cookie.domain option must be the name of a host like "example.com"'],
  [{ domain: 'a.example\r\nX: 1' }, 'got "a.example\\r\\nX: 1"'],
  [{ domain: 5 }, 'cookie.domain option'],
  [{ domain: 'localhost:3000' }, 'without a scheme or a port; got "localhost:3000"'],
  [{ domain: 'https://example.com' }, 'got "https://example.com"'],
  [{ domain: 'a..b' }, 'got "a..b"'],
  [{ path: 'admin' }, 'cookie.path option must be a string that starts with "/"; got "admin"'],
  [{ path: '/;Secure' }, 'cookie.path option'],
  [{ path: '/\n' }, 'cookie.path option'],
  [{ path: '/<' }, 'cookie.path option'],
  [{ domain: `${'a'.repeat(64)}.example` }, 'cookie.domain option'],
  [{ sameSite: 'relaxed' }, 'cookie.sameSite option must be "lax", "strict", "none", "auto", true or false'],
  [{ sameSite: 1 }, 'got 1'],
  [{ priority: 'urgent' }, 'cookie.priority option must be "low", "medium" or "high"; got "urgent"'],
]

describe('resolveCookieOptions', () => {
  it.each(RIGHT)('returns %j unchanged', (options) => {
    expect(resolveCookieOptions(options)(plain)).toBe(options)
  })

  it.each(WRONG)('throws a TypeError that says what to do for %j', (options, message) => {
    expect(() => resolveCookieOptions(options)).toThrow(TypeError)
    expect(() => resolveCookieOptions(options)).toThrow(message)
  })

  it('throws for an invalid Date as maxAge', () => {
    expect(() => resolveCookieOptions({ maxAge: new Date(Number.NaN) })).toThrow(
      /^cookie.maxAge option must be/,
    )
  })

  it('accepts an invalid Date as expires, which is an error of each response, and reports it', () => {
    const tell = vi.fn()
    const options = { expires: new Date(Number.NaN) }
    expect(resolveCookieOptions(options, new Reporter(tell, false))(plain)).toBe(options)
    expect(tell.mock.calls).toEqual([
      [
        expect.objectContaining({
          code: 'SESSIONWARE_COOKIE_EXPIRES',
          message: expect.stringMatching(/invalid Date/),
        }),
      ],
    ])
  })

  it.each(WRONG)('throws when a function returns %j', (options) => {
    const resolve = resolveCookieOptions(() => options)
    expect(() => resolve(plain)).toThrow(TypeError)
  })

  it.each(['secure', 5, true])('throws for %j, which is not an object', (source) => {
    expect(() => resolveCookieOptions(source)).toThrow('cookie option must be an object, or a function')
    expect(() => resolveCookieOptions(() => source)(plain)).toThrow('cookie option must be an object')
  })

  it.each([undefined, null])('treats %s as no options', (source) => {
    expect(resolveCookieOptions(source)(plain)).toEqual({})
    expect(resolveCookieOptions(() => source)(plain)).toEqual({})
  })

  it('calls a function with each request, and not before', () => {
    const source = vi.fn((req: SessionRequest) => ({ path: req === tls ? '/tls' : '/' }))
    const resolve = resolveCookieOptions(source)
    expect(source).not.toHaveBeenCalled()
    expect([resolve(tls), resolve(plain)]).toEqual([{ path: '/tls' }, { path: '/' }])
    expect(source.mock.calls).toEqual([[tls], [plain]])
  })

  it('throws the error that the function throws', () => {
    const fault = new Error('no tenant')
    const resolve = resolveCookieOptions(() => {
      throw fault
    })
    expect(() => resolve(plain)).toThrow(fault)
  })
})
