import { describe, expect, it } from 'vitest'
import { RecentMap } from '../../src/recent-map'

describe('RecentMap', () => {
  it('returns the values that were set, and undefined for other keys', () => {
    const kept = new RecentMap<number>(2)
    kept.set('a', 0)
    expect([kept.get('a'), kept.get('b'), kept.get('')]).toEqual([0, undefined, undefined])
    kept.set('a', 1)
    expect(kept.get('a')).toBe(1)
  })

  it('keeps at least the given number of entries, and at most twice as many', () => {
    const kept = filled(3, 10)
    const known = Array.from({ length: 10 }, (_, i) => i).filter((i) => kept.get(`${i}`) !== undefined)
    expect(known).toEqual(expect.arrayContaining([7, 8, 9]))
    expect(known.length).toBeLessThanOrEqual(6)
  })

  it('drops no entry when one key is set repeatedly', () => {
    const kept = filled(1, 2)
    for (let i = 0; i < 10; i++) kept.set('1', i)
    expect([kept.has('0'), kept.get('1')]).toEqual([true, 9])
  })

  it('keeps an entry that is read often', () => {
    const kept = new RecentMap<string>(3)
    kept.set('often', 'used')
    for (let i = 0; i < 20; i++) {
      kept.set(`${i}`, 'once')
      expect(kept.get('often')).toBe('used')
    }
  })

  it('does not keep an entry longer when only has is called', () => {
    const kept = filled(3, 3)
    for (let i = 3; i < 9; i++) {
      kept.has('0')
      kept.set(`${i}`, i)
    }
    expect(kept.has('0')).toBe(false)
  })

  it('deletes a recent key and an older one', () => {
    const kept = filled(3, 4)
    kept.delete('0')
    kept.delete('3')
    expect([kept.get('0'), kept.get('3')]).toEqual([undefined, undefined])
  })
})

function filled(enough: number, count: number) {
  const kept = new RecentMap<number>(enough)
  for (let i = 0; i < count; i++) kept.set(`${i}`, i)
  return kept
}
