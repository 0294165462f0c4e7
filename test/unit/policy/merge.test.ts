import { describe, expect, it } from 'vitest'
import { merge } from '../../../src/policy/merge'

const version = (data: unknown, lifetime: unknown = null) => ({ snapshot: JSON.stringify(data), lifetime })

describe('merge', () => {
  it.each<[what: string, base: object, mine: object, theirs: object, merged: object]>([
    ['keeps a key that they added', { a: 1 }, { a: 2 }, { a: 1, b: 1 }, { a: 2, b: 1 }],
    ['keeps a key that they changed', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }],
    ['keeps a key away that they deleted', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1 }, { a: 2 }],
    ['deletes a key that I deleted', { a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1, c: 1 }, { a: 1, c: 1 }],
    ['deletes a key that they changed', { a: 1 }, {}, { a: 2 }, {}],
    ['sets a key that they deleted', { a: 1 }, { a: 2 }, {}, { a: 2 }],
    ['takes mine where both changed a key', { a: 1 }, { a: 2 }, { a: 3 }, { a: 2 }],
    ['takes mine where both added a key', {}, { a: 2 }, { a: 3 }, { a: 2 }],
    [
      'takes nested values for one key',
      { a: { x: 1 } },
      { a: { x: 1, y: 1 } },
      { a: { x: 2 } },
      { a: { x: 1, y: 1 } },
    ],
    [
      'sees that a nested value is the same',
      { a: { x: 1 } },
      { a: { x: 1 }, b: 1 },
      { a: { x: 2 } },
      { a: { x: 2 }, b: 1 },
    ],
    ['returns mine if they changed nothing', { b: 1, a: 1 }, { a: 2, b: 1 }, { b: 1, a: 1 }, { a: 2, b: 1 }],
    ['returns theirs if I changed nothing', { a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }],
    ['keeps null', { a: null }, { a: null, b: null }, { a: 1 }, { a: 1, b: null }],
    [
      'keeps names of inherited properties',
      {},
      { toString: 1 },
      { constructor: 2 },
      { constructor: 2, toString: 1 },
    ],
  ])('%s', (_what, base, mine, theirs, merged) => {
    const result = merge(version(base), version(mine), version(theirs))
    expect(JSON.parse(result.snapshot)).toEqual(merged)
  })

  it('keeps a key with the name __proto__', () => {
    const theirs = { snapshot: '{"__proto__":{"x":1}}', lifetime: null }
    expect(merge(version({}), version({ a: 1 }), theirs).snapshot).toBe('{"__proto__":{"x":1},"a":1}')
  })

  it('returns mine if one of them is not an object', () => {
    for (const odd of [[], 'text', null]) {
      expect(merge(version({ a: 1 }), version({ a: 2 }), version(odd)).snapshot).toBe('{"a":2}')
      expect(merge(version({ a: 1 }), version(odd), version({ a: 2 })).snapshot).toBe(JSON.stringify(odd))
    }
  })

  it.each<[what: string, base: unknown, mine: unknown, theirs: unknown, merged: unknown]>([
    ['theirs, if I have not changed it', 1000, 1000, 9000, 9000],
    ['mine, if I have changed it', 1000, 5000, 9000, 5000],
    ['theirs, if mine differs by less than a second', 10_000, 10_500, 90_000, 90_000],
    ['mine, if I have removed it', 1000, null, 9000, null],
    ['theirs, if they have removed it', 1000, 1000, null, null],
  ])('gives the lifetime %s', (_what, base, mine, theirs, merged) => {
    expect(merge(version({}, base), version({}, mine), version({}, theirs)).lifetime).toBe(merged)
  })
})
