import { describe, expect, it } from 'vitest'
import { DeadIds } from '../src/dead-ids'

const MANY = 10_000

describe('DeadIds', () => {
  it('knows the ids that were added and no others', () => {
    const ids = new DeadIds()
    ids.add('a')
    expect([ids.has('a'), ids.has('b'), ids.has('')]).toEqual([true, false, false])
  })

  it('forgets an id on demand, of either generation', () => {
    const ids = new DeadIds()
    ids.add('old')
    addMany(ids, MANY)
    ids.add('young')
    ids.delete('old')
    ids.delete('young')
    expect([ids.has('old'), ids.has('young')]).toEqual([false, false])
  })

  it('remembers at least the last ten thousand', () => {
    const ids = new DeadIds()
    addMany(ids, 5 * MANY + 1)
    expect(countKnown(ids, 4 * MANY + 1, 5 * MANY + 1)).toBe(MANY)
  })

  it('is bounded: of any number it knows at most two generations', () => {
    const ids = new DeadIds()
    addMany(ids, 5 * MANY)
    expect(countKnown(ids, 0, 5 * MANY)).toBeLessThanOrEqual(2 * MANY)
  })

  it('forgets none sooner because others are asked for', () => {
    const ids = new DeadIds()
    addMany(ids, MANY)
    ids.add('last')
    for (let round = 0; round < 2; round++) countKnown(ids, 0, MANY)
    ids.add('one more')
    expect(ids.has('last')).toBe(true)
  })

  it('keeps an id alive in memory that is added again', () => {
    const ids = new DeadIds()
    ids.add('again')
    addMany(ids, MANY)
    ids.add('again')
    addMany(ids, MANY)
    expect(ids.has('again')).toBe(true)
  })
})

function addMany(ids: DeadIds, count: number) {
  for (let i = 0; i < count; i++) ids.add(`id${i}`)
}

function countKnown(ids: DeadIds, from: number, to: number) {
  let count = 0
  for (let i = from; i < to; i++) if (ids.has(`id${i}`)) count++
  return count
}
