import { describe, expect, it } from 'vitest'
import session, { hashIds } from '../../../src'
import { canCompare, canTouch, hasOwnRegenerate } from '../../../src/store-guard/abilities'
import { RedisStore } from '../../../src/stores/redis'
import { ReferenceStore } from '../../store-suite/reference-store'
import { upstream } from '../../support/implementations'
import { createStore } from '../../support/store'

describe('canTouch', () => {
  it('reads the method at each call, since some stores get their methods late', () => {
    const store: { touch?: () => void } = {}
    expect(canTouch(store as never)).toBe(false)
    store.touch = () => {}
    expect(canTouch(store as never)).toBe(true)
  })
})

describe('canCompare', () => {
  const set = () => {}
  const compareAndSet = () => {}
  const memory = () => new session.MemoryStore()
  const redis = () => new RedisStore({ client: { command: async () => null } as never })
  class Own extends session.MemoryStore {
    override set() {}
  }
  class Both extends Own {
    override compareAndSet() {}
  }
  const rebound = memory()
  rebound.set = session.MemoryStore.prototype.set
  const proxied = (names: string[]) =>
    new Proxy(new ReferenceStore(), {
      get: (target, name) => (names.includes(name as string) ? set : Reflect.get(target, name)),
    })

  it.each<[string, object, boolean]>([
    ['a store without compareAndSet', createStore(), false],
    ['a MemoryStore', memory(), true],
    ['one that got the set of its class', rebound, true],
    ['one with another set', Object.assign(memory(), { set }), false],
    ['one with both replaced', Object.assign(memory(), { set, compareAndSet }), true],
    ['one with another compareAndSet', Object.assign(memory(), { compareAndSet }), true],
    ['a subclass with a set of its own', new Own(), false],
    ['a subclass with both', new Both(), true],
    ['a RedisStore', redis(), true],
    ['one with another set', Object.assign(redis(), { set }), false],
    ['hashIds', hashIds(memory()), true],
    ['hashIds with another set', Object.assign(hashIds(memory()), { set }), false],
    ['hashIds around such a store', hashIds(new Own() as never), false],
    ['a class of another package', new ReferenceStore(), true],
    ['one with another set', Object.assign(new ReferenceStore(), { set }), false],
    ['a proxy that gives another set', proxied(['set']), false],
    ['a proxy that gives both, which may not belong together', proxied(['set', 'compareAndSet']), false],
  ])('is right about %s', (_what, store, answer) => {
    expect(canCompare(store as never)).toBe(answer)
  })
})

describe('hasOwnRegenerate', () => {
  const regenerate = () => {}
  const load = () => {}

  it.each<[string, object, boolean]>([
    ['a store that extends Store', createStore(), false],
    ["a store that extends express-session's Store", createStore(upstream), false],
    ['such a store with a regenerate of its own', Object.assign(createStore(), { regenerate }), true],
    ['a plain object without one', {}, false],
    ['a plain object with one', { regenerate }, true],
    ['a plain object with load and regenerate', { load, regenerate }, true],
  ])('is right about %s', (_what, store, answer) => {
    expect(hasOwnRegenerate(store as never)).toBe(answer)
  })
})
