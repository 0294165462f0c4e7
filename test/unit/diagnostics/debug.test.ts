import { afterEach, describe, expect, it } from 'vitest'
import { debug, fingerprint } from '../../../src/diagnostics/debug'

const wasEnabled = debug.enabled

afterEach(() => {
  debug.enabled = wasEnabled
})

describe('debug', () => {
  it('has the namespace of express-session', () => {
    expect(debug.namespace).toBe('express-session')
  })
})

describe('fingerprint', () => {
  it('returns twelve hexadecimal digits that differ for different secrets', () => {
    debug.enabled = true
    const [one, same, other] = ['keyboard cat', 'keyboard cat', 'keyboard dog'].map(fingerprint)
    expect(one).toMatch(/^[0-9a-f]{12}$/)
    expect([one === same, one === other]).toEqual([true, false])
  })

  it.each([undefined, null, 7, {}])('accepts an id that is not a string: %s', (id) => {
    debug.enabled = true
    expect(fingerprint(id)).toHaveLength(12)
  })

  it('does not read its argument while debugging is off', () => {
    debug.enabled = false
    const secret = {
      toString() {
        throw new Error('was read')
      },
    }
    expect(fingerprint(secret)).toBe('')
  })
})
