import { describe, expect, it, vi } from 'vitest'
import { defineSyncMethod, syncMethodOf } from '../../../src/store-guard/sync-methods'

class Store {
  get(_sid: string) {}
}

const form = (sid: string) => ({ cookie: undefined, snapshot: sid })
defineSyncMethod(Store.prototype, 'get', form)

describe('syncMethodOf', () => {
  it('finds the synchronous form of a method, inherited or not', () => {
    class Child extends Store {}
    expect(syncMethodOf(new Store(), 'get')).toBe(form)
    expect(syncMethodOf(new Child(), 'get')).toBe(form)
  })

  it('finds none for a method that a subclass overrides', () => {
    class Child extends Store {
      override get(sid: string) {
        super.get(sid)
      }
    }
    expect(syncMethodOf(new Child(), 'get')).toBeUndefined()
  })

  it('finds none for a method that was replaced, bound or wrapped', () => {
    const store = new Store()
    const forms = [() => {}, store.get.bind(store), new Store().get.bind(store)]
    for (const get of forms) expect(syncMethodOf(Object.assign(new Store(), { get }), 'get')).toBeUndefined()
    vi.spyOn(store, 'get')
    expect(syncMethodOf(store, 'get')).toBeUndefined()
  })

  it('finds none for a copy or a Proxy of the method', () => {
    const copied = Object.defineProperties(() => {}, Object.getOwnPropertyDescriptors(Store.prototype.get))
    const proxied = new Proxy(Store.prototype.get, {})
    for (const get of [copied, proxied]) expect(syncMethodOf({ get }, 'get')).toBeUndefined()
  })

  it.each([undefined, null, 7])('finds none when the method is %s', (get) => {
    expect(syncMethodOf({ get }, 'get')).toBeUndefined()
  })

  it('adds no enumerable property to the method', () => {
    expect(Object.keys(Store.prototype.get)).toEqual([])
    expect(Object.getOwnPropertyDescriptor(Store.prototype, 'get')?.enumerable).toBe(false)
  })
})
