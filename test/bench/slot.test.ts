import { describe, expect, it } from 'vitest'
import { slotOf } from './slot'

describe('slotOf', () => {
  it('gives the slots that CLUSTER KEYSLOT gives', () => {
    // The check value of CRC-16 XMODEM for '123456789' is 0x31C3.
    expect(slotOf('123456789')).toBe(0x31c3)
    expect(slotOf('foo')).toBe(12_182)
  })
})
