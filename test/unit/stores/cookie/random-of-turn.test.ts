import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { fillRandom, randomId } from '../../../../src/stores/cookie/random-of-turn'

describe('random bytes of a turn', () => {
  it('are different for each call, in one turn and in several ones', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 5; i++) {
      for (let k = 0; k < 100; k++) {
        const target = Buffer.alloc(30)
        fillRandom(target)
        expect(target.subarray(24)).toEqual(Buffer.alloc(6))
        seen.add(target.toString('base64url', 0, 24)).add(randomId())
      }
      await turn()
    }
    expect(seen.size).toBe(1000)
    expect([...seen].every((text) => /^[\w-]{32}$/.test(text))).toBe(true)
  })
})
