import { describe, expect, it } from 'vitest'
import session from '../../src'
import { serve } from '../support/app'
import { readSetCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { libraries } from '../support/libraries'
import { SETTINGS } from '../support/settings'

describe('session()', () => {
  it.each([5, 'keyboard cat', true])('throws a TypeError when the options are %j', (options) => {
    expect(() => session(options as never)).toThrow(TypeError)
  })

  it('does not change the options object', () => {
    const options = Object.freeze({
      ...SETTINGS,
      cookie: Object.freeze({ maxAge: 1000, secure: 'auto' as const }),
    })
    const before = JSON.stringify(options)
    session(options)
    expect(JSON.stringify(options)).toBe(before)
  })

  it('treats options of undefined and null as not set', () => {
    const nothing = {
      store: undefined,
      cookie: undefined,
      genid: undefined,
      name: undefined,
      unset: undefined,
    }
    expect(() => session({ ...SETTINGS, ...nothing } as never)).not.toThrow()
    expect(() =>
      session({ ...SETTINGS, store: null, cookie: null, genid: null, name: null } as never),
    ).not.toThrow()
  })
})

describe('name', () => {
  it.each(['a b', 'a;b', 'a=b', 'ä', 'a\n', {}, []])(
    'throws a TypeError that names the option: %j',
    (name) => {
      const create = () => session({ ...SETTINGS, name: name as never })
      expect(create).toThrow(TypeError)
      expect(create).toThrow(/name option must/)
    },
  )
})

const wrong: Record<string, unknown[]> = {
  maxAge: [new Date(Number.NaN), Number.NaN, Number.POSITIVE_INFINITY, '60000', {}, true],
  expires: ['tomorrow', Number.POSITIVE_INFINITY, {}],
  domain: [5, {}, 'a;b', 'a\nb'],
  path: [5, {}, 'admin', '/a;b', '/a\nb'],
  sameSite: ['other', 5, {}],
  priority: ['urgent', 5, {}],
}

describe.each(Object.entries(wrong))('cookie.%s', (name, values) => {
  it.each(values.map((value) => ({ value })))(
    'throws a TypeError that names the option: $value',
    ({ value }) => {
      const create = () => session({ ...SETTINGS, cookie: { [name]: value } })
      expect(create).toThrow(TypeError)
      expect(create).toThrow(new RegExp(`cookie.${name} option must`))
    },
  )
})

describe.each(libraries)('a falsy cookie option, with $library', ({ session }) => {
  it.each([false, 0, '', null, { secure: '', sameSite: '', priority: '', maxAge: '', expires: '' }])(
    'sends the default cookie: %j',
    async (cookie) => {
      const app = serve(session({ ...SETTINGS, cookie: cookie as never }), countViews)
      expect(readSetCookie(await app.get())?.attributes).toEqual({ Path: '/', HttpOnly: true })
    },
  )
})

describe('cookie', () => {
  it.each([5, 'text', true])('throws a TypeError that names the option: %j', (cookie) => {
    const create = () => session({ ...SETTINGS, cookie: cookie as never })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(/cookie option must/)
  })
})
