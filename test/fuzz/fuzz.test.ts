import { describe, expect, it } from 'vitest'
import { findViolations } from './check'
import { isExplained } from './effects'
import { play } from './play'
import { makeProgram } from './program'

/** How many programs each test plays. `npm run fuzz` plays others. */
const COUNT = 60

describe('random programs', () => {
  it.each([1, 1001, 2001])('keep all invariants, from seed %i on', async (first) => {
    for (let seed = first; seed < first + COUNT; seed++) {
      const program = makeProgram(seed)
      const violations = findViolations(program, await play(program))
      expect(violations, `seed ${seed}: ${JSON.stringify(program)}`).toEqual([])
    }
  })

  it('are the same for the same seed', () => {
    expect(makeProgram(7)).toEqual(makeProgram(7))
    expect(makeProgram(7)).not.toEqual(makeProgram(8))
  })
})

describe('isExplained', () => {
  const set = (data: object) => ({ set: data as Record<string, unknown>, deleted: [], adds: 0 })

  it('finds the order of the saves', () => {
    const requests = [[set({ a: 1 }), set({ a: 2 })], [set({ a: 3, b: 3 })]]
    expect(isExplained({}, { a: 2, b: 3 }, requests)).toBe(true)
    expect(isExplained({}, { a: 3, b: 3 }, requests)).toBe(true)
    expect(isExplained({}, { a: 1, b: 3 }, requests)).toBe(false)
    expect(isExplained({}, { a: 2 }, requests)).toBe(false)
  })

  it('may miss saves, but invents nothing', () => {
    const requests = [[set({ a: 1 }), set({ b: 2 })], [set({ a: 3 })]]
    expect(isExplained({}, { a: 1 }, requests)).toBe(false)
    expect(isExplained({}, { a: 1 }, requests, true)).toBe(true)
    expect(isExplained({}, { a: 4 }, requests, true)).toBe(false)
  })

  it('counts', () => {
    const count = [{ set: {}, deleted: [], adds: 1 }]
    expect(isExplained({ counter: 0 }, { counter: 2 }, [count, count])).toBe(true)
    expect(isExplained({ counter: 0 }, { counter: 1 }, [count, count])).toBe(false)
  })
})
