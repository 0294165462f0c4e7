import { describe, expect, it } from 'vitest'
import { RecentIds } from '../../../../src/stores/memory/recent-ids'

describe('RecentIds', () => {
  it('returns the ids in the order of their use, each once', () => {
    expect(takeAll(recent('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
  })

  it('makes an id that is used again the newest', () => {
    expect(takeAll(recent('a', 'b', 'c', 'a', 'c'))).toEqual(['b', 'a', 'c'])
  })

  it('does not return deleted ids', () => {
    const ids = recent('a', 'b', 'c')
    ids.delete('a')
    ids.delete('unknown')
    expect(takeAll(ids)).toEqual(['b', 'c'])
  })

  it('is empty after a clear, and accepts new ids', () => {
    const ids = recent('a', 'b')
    ids.takeOldest()
    ids.clear()
    expect(ids.takeOldest()).toBeUndefined()
    ids.use('c')
    expect(takeAll(ids)).toEqual(['c'])
  })

  it('accepts new ids after it was emptied', () => {
    const ids = recent('a')
    expect(takeAll(ids)).toEqual(['a'])
    ids.use('b')
    ids.use('c')
    expect(takeAll(ids)).toEqual(['b', 'c'])
  })

  it('behaves like a plain list for any order of use, delete and take', () => {
    const ids = new RecentIds()
    let list: (string | undefined)[] = []
    for (let step = 0; step < 5000; step++) {
      const id = `id${(step * 7919) % 53}`
      const kind = (step * 31) % 7
      if (kind === 0) expect(ids.takeOldest()).toBe(list.shift())
      else list = list.filter((each) => each !== id)
      if (kind === 1) ids.delete(id)
      if (kind <= 1) continue
      ids.use(id)
      list.push(id)
    }
    expect(takeAll(ids)).toEqual(list)
  })
})

function recent(...used: string[]) {
  const ids = new RecentIds()
  for (const id of used) ids.use(id)
  return ids
}

function takeAll(ids: RecentIds) {
  const taken: string[] = []
  for (let id = ids.takeOldest(); id !== undefined; id = ids.takeOldest()) taken.push(id)
  return taken
}
