import { describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { Session } from '../../../src/session/session'
import { takeSnapshot } from '../../../src/session/snapshot'

const circle: Record<string, unknown> = {}
circle.self = circle

describe('takeSnapshot', () => {
  it.each([
    ['no data', {}],
    ['values of every JSON type', { a: 1, b: 'x', c: null, d: true, e: [1, { f: [] }], g: { h: {} } }],
    ['a nested cookie', { nested: { cookie: { flavour: 'oat' } }, list: [{ cookie: 1 }] }],
    ['values that JSON omits', { a: undefined, b: () => {}, c: Symbol('c') }],
    ['a Date', { at: new Date(0) }],
  ])('is the JSON of a session with %s, without its own cookie', (_what, data) => {
    expect(takeSnapshot({ ...data, cookie: new Cookie() })).toBe(JSON.stringify(data))
    expect(takeSnapshot(data)).toBe(JSON.stringify(data))
  })

  it('does not move the cookie among the keys', () => {
    const cookie = new Cookie()
    const session = { a: 1, cookie, b: 2 }
    takeSnapshot(session)
    expect(session.cookie).toBe(cookie)
    expect(Object.keys(session)).toEqual(['a', 'cookie', 'b'])
    const bare = { a: 1 }
    takeSnapshot(bare)
    expect(Object.keys(bare)).toEqual(['a'])
  })

  it.each([
    ['a BigInt', 1n],
    ['a circle', circle],
    [
      'a toJSON that throws',
      {
        toJSON() {
          throw new TypeError('no')
        },
      },
    ],
  ])('throws for %s, and keeps the cookie', (_what, value) => {
    const cookie = new Cookie()
    const session = { value, cookie }
    expect(() => takeSnapshot(session)).toThrow(TypeError)
    expect(session.cookie).toBe(cookie)
  })

  it.each([
    [
      'of the session',
      (session: object) => Object.assign(session, { toJSON: () => ({ ...session, of: 'toJSON' }) }),
    ],
    [
      'inside it',
      (session: { cookie: Cookie }) =>
        Object.assign(session, { nested: { toJSON: () => session.cookie.path } }),
    ],
  ])('lets a toJSON %s read the cookie, which is still omitted', (_where, change) => {
    const session = { a: 1, cookie: new Cookie() }
    const { cookie } = session
    change(session)
    const { cookie: _left, ...data } = JSON.parse(JSON.stringify(session))
    expect(JSON.parse(takeSnapshot(session))).toEqual(data)
    expect(session.cookie).toBe(cookie)
  })

  it('reads a frozen session', () => {
    const session = Object.freeze({ a: 1, cookie: Object.freeze({ path: '/' }) })
    expect(takeSnapshot(session)).toBe('{"a":1}')
    expect(session.cookie).toEqual({ path: '/' })
  })

  it('sets no property of a Proxy, which could notice it', () => {
    const set = vi.fn(() => true)
    const session = new Proxy({ a: 1, cookie: new Cookie() }, { set })
    expect(takeSnapshot(session)).toBe('{"a":1}')
    expect(set).not.toHaveBeenCalled()
  })

  it('contains neither the id nor the request', () => {
    const session = new Session({ sessionID: 'secret' }, { a: 1 })
    session.cookie = new Cookie()
    expect(takeSnapshot(session)).toBe('{"a":1}')
  })

  it.each([null, 0, '', false])('omits a cookie that is %j', (cookie) => {
    expect(takeSnapshot({ a: 1, cookie })).toBe('{"a":1}')
  })
})
