import { describe, expect, it } from 'vitest'
import session, { type MiddlewareOptions } from '../../../src'
import { resolveOptions } from '../../../src/options/resolve-options'
import { SETTINGS } from '../../support/settings'
import { createStore } from '../../support/store'

const HOUR = 3_600_000
const resolve = (options: Partial<MiddlewareOptions>) => resolveOptions({ ...SETTINGS, ...options })

describe('idleTimeout and absoluteTimeout', () => {
  it.each([
    [{}],
    [{ idleTimeout: undefined, absoluteTimeout: undefined }],
    [{ idleTimeout: false as const }],
  ])('are off for %j', (options) => expect(resolve(options).limits).toBeUndefined())

  it('are read in milliseconds', () => {
    const { limits } = resolve({ idleTimeout: HOUR, absoluteTimeout: HOUR })
    expect(limits).toEqual({ idle: HOUR, absolute: HOUR })
    expect(resolve({ absoluteTimeout: 1 }).limits).toEqual({ idle: undefined, absolute: 1 })
  })

  describe.each(['idleTimeout', 'absoluteTimeout'] as const)('%s', (name) => {
    it.each([
      [0, '0'],
      [-1, '-1'],
      [Number.NaN, 'NaN'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
      ['30m', '"30m"'],
      ['3600000', '"3600000"'],
      [null, 'null'],
      [true, 'true'],
      [10n, '10n'],
      [Number.MAX_VALUE, '1.7976931348623157e+308'],
    ])('must not be %s', (value, shown) => {
      expect(() => resolve({ [name]: value } as never)).toThrow(
        new TypeError(
          `${name} option must be a positive number of milliseconds, like 30 * 60 * 1000, or false for no limit; got ${shown}`,
        ),
      )
    })
  })

  it('must not have an idle timeout above the absolute one', () => {
    expect(() => resolve({ idleTimeout: 2, absoluteTimeout: 1 })).toThrow(
      new TypeError(
        'idleTimeout option (2) must be at most absoluteTimeout (1), after which the session ends anyway',
      ),
    )
  })
})

describe('touchAfter', () => {
  it.each([undefined, 0])('is off if it is %s', (touchAfter) => {
    expect(resolve({ touchAfter }).touchLog).toBeUndefined()
  })

  it.each([
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    ['60', '"60"'],
    [null, 'null'],
  ])('must not be %s', (touchAfter, shown) => {
    expect(() => resolve({ touchAfter } as never)).toThrow(
      new TypeError(
        `touchAfter option must be a number of milliseconds, like 60 * 1000, or 0 for a touch at each request; got ${shown}`,
      ),
    )
  })

  it.each([
    ['idleTimeout', { idleTimeout: 1000, absoluteTimeout: HOUR }],
    ['absoluteTimeout', { absoluteTimeout: 1000 }],
    ['cookie.maxAge', { cookie: { maxAge: 1000 }, idleTimeout: HOUR }],
    ['the ttl of the store', { store: new session.MemoryStore({ ttl: 1000 }) }],
  ])('must be less than %s', (name, options: Partial<MiddlewareOptions>) => {
    expect(resolve({ ...options, touchAfter: 999 }).touchLog).toBeDefined()
    expect(() => resolve({ ...options, touchAfter: 1000 })).toThrow(
      new TypeError(
        `touchAfter option (1000) must be less than ${name} (1000), or sessions end while they are in use`,
      ),
    )
  })

  it.each<[string, Partial<MiddlewareOptions>]>([
    ['the cookie is a function, whose lifetime is not known yet', { cookie: () => ({ maxAge: 1 }) }],
    ['the store is not ours', { store: createStore() }],
    ['the cookie has expired already', { cookie: { maxAge: 0 } }],
    [
      "an idle timeout replaces the store's ttl",
      { store: new session.MemoryStore({ ttl: 1000 }), idleTimeout: HOUR },
    ],
  ])('may have any length if %s', (_when, options) => {
    expect(resolve({ ...options, touchAfter: 60_000 }).touchLog).toBeDefined()
  })
})
