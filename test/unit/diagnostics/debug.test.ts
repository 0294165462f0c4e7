import { afterEach, describe, expect, it } from 'vitest'
import { debug, fingerprint } from '../../../src/diagnostics/debug'

const wasEnabled = debug.enabled

afterEach(() => {
  debug.enabled = wasEnabled
})

describe('debug', () => {
  it('has the namespace that users of express-session switch on', () => {
    expect(debug.namespace).toBe('express-session')
  })
})

describe('fingerprint', () => {
  it('tells secrets apart by twelve digits that give nothing of them away', () => {
    debug.enabled = true
    const [one, same, other] = ['keyboard cat', 'keyboard cat', 'keyboard dog'].map(fingerprint)
    expect(one).toMatch(/^[0-9a-f]{12}$/)
    expect([one === same, one === other]).toEqual([true, false])
  })

  it.each([undefined, null, 7, {}])('takes an id that is no string: %s', (id) => {
    debug.enabled = true
    expect(fingerprint(id)).toHaveLength(12)
  })

  it('costs nothing while nobody listens', () => {
    debug.enabled = false
    const secret = {
      toString() {
        throw new Error('looked at')
      },
    }
    expect(fingerprint(secret)).toBe('')
  })
})
