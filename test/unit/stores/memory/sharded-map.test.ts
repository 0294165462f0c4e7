import { describe, expect, it } from 'vitest'
import { generateId } from '../../../../src/session/generate-id'
import { ShardedMap } from '../../../../src/stores/memory/sharded-map'

const IDS = ['', 'a', 'ab', 'ba', '__proto__', 'constructor', 'é', '😀', 'ab'.repeat(5000)]

describe('ShardedMap', () => {
  it.each(IDS)('stores a value under the id %j', (id) => {
    const map = new ShardedMap<number>()
    expect(map.get(id)).toBeUndefined()
    map.set(id, 1)
    map.set(id, 2)
    expect([map.get(id), map.size]).toEqual([2, 1])
    map.delete(id)
    expect([map.get(id), map.size]).toEqual([undefined, 0])
  })

  it('distinguishes ids, and counts them', () => {
    const map = filled(IDS)
    expect(IDS.map((id) => map.get(id))).toEqual(IDS)
    expect(map.size).toBe(IDS.length)
  })

  it('does not count the delete of an unknown id', () => {
    const map = filled(['a'])
    map.delete('b')
    map.delete('xa')
    expect(map.size).toBe(1)
  })

  it('is empty after a clear', () => {
    const map = filled(IDS)
    map.clear()
    expect([map.size, map.get('a'), [...map]]).toEqual([0, undefined, []])
  })

  it('visits each entry once', () => {
    const ids = Array.from({ length: 2000 }, generateId)
    const visited = [...filled(ids)]
    expect(visited.map(([id]) => id).sort()).toEqual([...ids].sort())
    expect(visited.every(([id, value]) => id === value)).toBe(true)
  })

  it('allows deletes and sets during a visit', () => {
    const map = filled(Array.from({ length: 1000 }, generateId))
    let visits = 0
    for (const [id] of map) {
      map.delete(id)
      if (visits++ < 100) map.set(`again${id}`, id)
    }
    expect(map.size).toBeLessThanOrEqual(100)
    expect(visits).toBeLessThanOrEqual(1100)
  })

  it('distributes generated ids over its parts', () => {
    const { shards } = filled(Array.from({ length: 20_000 }, generateId)) as unknown as {
      shards: Map<string, string>[]
    }
    expect(Math.max(...shards.map((shard) => shard?.size ?? 0))).toBeLessThan(1000)
  })
})

function filled(ids: string[]) {
  const map = new ShardedMap<string>()
  for (const id of ids) map.set(id, id)
  return map
}
