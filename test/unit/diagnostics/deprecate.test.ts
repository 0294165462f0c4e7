import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deprecate } from '../../../src/diagnostics/deprecate'

describe('deprecate', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})

  beforeEach(() => {
    vi.stubEnv('NO_DEPRECATION', undefined)
  })

  afterEach(() => {
    vi.unstubAllEnvs()
    warn.mockClear()
  })

  it('warns once for each message, in the format of express-session', () => {
    deprecate('one')
    deprecate('two')
    deprecate('one')
    expect(warn.mock.calls).toEqual([
      ['express-session deprecated one', 'DeprecationWarning'],
      ['express-session deprecated two', 'DeprecationWarning'],
    ])
  })

  it.each(['express-session', 'Express-Session', 'other,express-session', 'other express-session', '*'])(
    'is silenced by NO_DEPRECATION=%s',
    (value) => {
      vi.stubEnv('NO_DEPRECATION', value)
      deprecate(`under ${value}`)
      expect(warn).not.toHaveBeenCalled()
    },
  )

  it.each(['', 'other', 'express', 'express-session2'])('is not silenced by NO_DEPRECATION=%s', (value) => {
    vi.stubEnv('NO_DEPRECATION', value)
    deprecate(`under "${value}"`)
    expect(warn).toHaveBeenCalledTimes(1)
  })

  it('is a plain warning where Node would throw a DeprecationWarning', () => {
    process.throwDeprecation = true
    deprecate('not thrown')
    process.throwDeprecation = false
    expect(warn.mock.calls).toEqual([['express-session deprecated not thrown', 'Warning']])
  })

  it('is silenced by process.noDeprecation', () => {
    process.noDeprecation = true
    deprecate('under noDeprecation')
    process.noDeprecation = false
    expect(warn).not.toHaveBeenCalled()
  })

  it('reports a message that was silenced earlier', () => {
    vi.stubEnv('NO_DEPRECATION', '*')
    deprecate('silenced')
    vi.stubEnv('NO_DEPRECATION', undefined)
    deprecate('silenced')
    expect(warn).toHaveBeenCalledTimes(1)
  })
})
