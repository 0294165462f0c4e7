import { describe, expect, it } from 'vitest'
import { RecentIds } from '../../../../src/stores/memory/recent-ids'

describe('RecentIds', () => {
  it('gives out the ids in the order of their use, each once', () => {
    expect(takeAll(recent('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
  })

  it('makes an id that is used again the newest', () => {
    expect(takeAll(recent('a', 'b', 'c', 'a', 'c'))).toEqual(['b', 'a', 'c'])
  })

  it('passes over what was deleted', () => {
    const ids = recent('a', 'b', 'c')
    ids.delete('a')
    ids.delete('unknown')
    expect(takeAll(ids)).toEqual(['b', 'c'])
  })

  it('has nothing after a clear, and takes new ones', () => {
    const ids = recent('a', 'b')
    ids.takeOldest()
    ids.clear()
    expect(ids.takeOldest()).toBeUndefined()
    ids.use('c')
    expect(takeAll(ids)).toEqual(['c'])
  })

  it('goes on after it ran empty', () => {
    const ids = recent('a')
    expect(takeAll(ids)).toEqual(['a'])
    ids.use('b')
    ids.use('c')
    expect(takeAll(ids)).toEqual(['b', 'c'])
  })

  it('agrees with a plain list whatever is used, deleted and taken in between', () => {
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
