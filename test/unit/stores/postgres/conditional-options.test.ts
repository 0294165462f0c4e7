import { describe, expect, it } from 'vitest'
import { hashIds, MemoryStore } from '../../../../src'
import { conditional } from '../../../../src/stores/postgres'

const createStore = () => ({ query() {}, quotedTable: () => '"session"', get() {}, set() {}, destroy() {} })

describe('conditional()', () => {
  it.each([undefined, null, {}, { user: undefined }])('takes the options %j', (options) => {
    expect(conditional(createStore(), options as never)).toMatchObject({ findByUser: expect.any(Function) })
  })

  it.each<[what: string, store: () => unknown, options: unknown, message: string]>([
    ['no store', () => undefined, {}, 'needs a store of connect-pg-simple, not undefined'],
    ['another store', () => new MemoryStore(), {}, 'not [MemoryStore]'],
    ['a class', () => MemoryStore, {}, 'not its class: make one with `new`'],
    ['hashIds', () => hashIds(new MemoryStore()), {}, 'write hashIds(conditional(store))'],
    ['a second call', () => conditional(createStore()), {}, 'call it once'],
    ['a get of its own', () => Object.assign(Object.create(createStore()), { get() {} }), {}, 'the get()'],
    ['a set of its own', () => Object.assign(Object.create(createStore()), { set() {} }), {}, 'the set()'],
    ['a wrong user', createStore, { user: 5 }, "such as ['passport', 'user'], not 5"],
    ['an empty user', createStore, { user: '' }, 'not ""'],
    ['no keys', createStore, { user: [] }, 'not []'],
    ['a key that is no text', createStore, { user: [1] }, 'not [Array]'],
    ['an empty key', createStore, { user: [''] }, 'not [Array]'],
    ['a misspelt option', createStore, { users: 'userId' }, 'no option "users": did you mean user?'],
    ['an array for the options', createStore, ['passport', 'user'], "like { user: 'userId' }, not [Array]"],
    ['options that are no object', createStore, 'userId', 'like { user: \'userId\' }, not "userId"'],
  ])('throws a TypeError that names the remedy for %s', (_what, store, options, message) => {
    const make = () => conditional(store() as object, options as never)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })
})
