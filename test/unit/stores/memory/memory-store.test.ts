import { inherits } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../../src/cookie/cookie'
import type { CookieData } from '../../../../src/cookie/cookie-data'
import { restoreCookie } from '../../../../src/cookie/restore-cookie'
import { Reporter } from '../../../../src/diagnostics/reporter'
import { addReporter } from '../../../../src/diagnostics/store-reports'
import { syncMethodOf } from '../../../../src/store-guard/sync-methods'
import { MemoryStore, type MemoryStoreOptions } from '../../../../src/stores/memory/memory-store'
import { Store } from '../../../../src/stores/store'
import { compare } from '../../../support/implementations'
import { record, recordFor } from '../../../support/records'

type Es5 = new (options?: MemoryStoreOptions) => MemoryStore

const HOUR = 3_600_000
const MINUTE = 60_000
const ada = record({ user: 'ada' })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('MemoryStore', () => {
  it.each<[string, unknown]>([
    ['no data', {}],
    ['values of every JSON type', { a: 1, b: 'x', c: null, d: false, e: [1, [{}]], f: { g: {} } }],
    ['keys with the names of inherited properties', { constructor: 1, toString: 'x', hasOwnProperty: null }],
    ['a nested cookie', { order: { cookie: 'oat' } }],
    ['an id', { id: 'mine' }],
  ])('returns a record with %s', async (_what, data) => {
    const store = storeOf({ a: record(data as object) })
    expect(await get(store, 'a')).toEqual(record(data as object))
    expect(JSON.parse(store.sessions.a as string)).toEqual(record(data as object))
    expect(Object.keys(await all(store))).toEqual(['a'])
  })

  it.each<[string, unknown]>([
    ['no cookie', { user: 'ada' }],
    ['a cookie that is null', { cookie: null }],
    ['a cookie that is a string', { cookie: 'oat' }],
    ['a list', [1, 2]],
    ['a cookie with unknown attributes', { cookie: { flavour: 'oat', deep: { a: [1] } } }],
  ])('returns a record unchanged that has %s', async (_what, value) => {
    const found = await get(storeOf({ a: value }), 'a')
    expect(found).toEqual(Array.isArray(value) ? value : JSON.parse(JSON.stringify(value, dropNull)))
  })

  it.each([undefined, null, () => 1, Symbol('x'), { toJSON() {} }])(
    'has no record after set with %s, which is no JSON',
    async (nothing) => {
      const store = storeOf({ a: ada, b: ada })
      const done = vi.fn()
      store.set('a', nothing as never, done)
      store.set('c', nothing as never)
      expect(await get(store, 'a')).toBeUndefined()
      expect(done.mock.calls).toEqual([[]])
      expect([await length(store), Object.keys(store.sessions)]).toEqual([1, ['b']])
    },
  )

  it.each([0, '', false, 5, 'text'])('gives back %j, as express-session does', async (value) => {
    const found = await compare(async ({ MemoryStore: Class }) => {
      const store = new Class()
      store.set('a', value as never)
      const read = get(store, 'a')
      vi.runOnlyPendingTimers()
      return read
    })
    expect(found).toEqual({ ours: value, upstream: value })
  })

  it.each([undefined, null])('keeps the record that is touched with %s', async (nothing) => {
    const store = storeOf({ a: ada })
    const done = vi.fn()
    store.touch('a', nothing as never, done)
    store.touch('missing', nothing as never, done)
    expect(await get(store, 'a')).toEqual(ada)
    expect(done.mock.calls).toEqual([[], []])
  })

  it('stores the JSON data of a session', async () => {
    const cookie = new Cookie({ maxAge: HOUR, sameSite: 'lax', encode: String })
    const live = { cookie, at: new Date(0), gone: undefined, run: () => {} }
    const found = await get(storeOf({ a: live }), 'a')
    expect(found).toEqual(JSON.parse(JSON.stringify(live)))
  })

  it('keeps the attributes of each live cookie', async () => {
    const attributes = [
      { path: '/a' },
      { path: '/b', secure: true },
      { path: '/a' },
      { sameSite: 'lax' as const },
    ]
    const cookies = attributes.flatMap((each) => [new Cookie(each), new Cookie({ ...each, maxAge: HOUR })])
    const records = cookies.map((cookie, number) => [`sid ${number}`, { cookie }])
    const store = storeOf(Object.fromEntries(records))
    for (const [sid, live] of records) {
      expect(await get(store, sid as string)).toEqual(JSON.parse(JSON.stringify(live)))
    }
  })

  it('shares no object with its callers', async () => {
    const given = { cart: [1], cookie: { path: '/', deep: { a: 1 } } }
    const store = storeOf({ a: given })
    given.cart.push(2)
    given.cookie.deep.a = 2
    const first = (await get(store, 'a')) as typeof given
    expect([first.cart, first.cookie.deep]).toEqual([[1], { a: 1 }])
    first.cart.push(3)
    first.cookie.path = '/changed'
    expect(await get(store, 'a')).toMatchObject({ cart: [1], cookie: { path: '/' } })
    expect(((await all(store)).a as typeof given).cart).toEqual([1])
  })

  it('does not share the Date of a Cookie', async () => {
    const cookie = new Cookie({ maxAge: HOUR })
    const store = storeOf({ a: { cookie } })
    const kept = JSON.stringify(cookie)
    const loaded = syncMethodOf(store, 'get')?.call(store, 'a')
    for (const each of [cookie, restoreCookie(loaded?.cookie as CookieData)]) each.expires?.setFullYear(2050)
    expect(JSON.stringify(await get(store, 'a'))).toBe(`{"cookie":${kept}}`)
  })

  it.each(['get', 'set', 'touch'] as const)('has a synchronous form of %s', (name) => {
    expect(syncMethodOf(new MemoryStore(), name)).toBeTypeOf('function')
  })

  it('treats __proto__, constructor and toString as ordinary ids', async () => {
    const store = storeOf({})
    for (const sid of ['__proto__', 'constructor', 'toString']) {
      expect(await get(store, sid)).toBeUndefined()
      store.set(sid, ada as never)
      expect(await get(store, sid)).toEqual(ada)
    }
    expect(Object.keys(await all(store)).sort()).toEqual(['__proto__', 'constructor', 'toString'])
    expect(kept(store)).toHaveLength(3)
  })

  it('throws for data that cannot be serialized, and keeps the old record', async () => {
    const store = storeOf({ a: ada })
    expect(() => store.set('a', record({ big: 1n }) as never)).toThrow(TypeError)
    expect(await get(store, 'a')).toEqual(ada)
  })

  it('answers in a later tick, and writes without a callback', async () => {
    const store = storeOf({ a: ada })
    store.touch('a', ada as never)
    const order: string[] = []
    const note = (name: string) => () => order.push(name)
    store.get('a', note('get'))
    store.set('a', ada as never, note('set'))
    store.touch('a', ada as never, note('touch'))
    store.all(note('all'))
    store.length(note('length'))
    store.destroy('a', note('destroy'))
    store.clear(note('clear'))
    store.close(note('close'))
    order.push('now')
    await Promise.resolve().then(() => {})
    await new Promise<void>((resolve) => process.nextTick(resolve))
    expect(order).toEqual(['now', 'get', 'set', 'touch', 'all', 'length', 'destroy', 'clear', 'close'])
  })

  it('updates only the expiry on touch', async () => {
    const store = storeOf({ a: recordFor(HOUR, { user: 'ada' }) })
    const later = recordFor(2 * HOUR, { user: 'not written' })
    store.touch('a', later as never)
    expect(await get(store, 'a')).toEqual({ user: 'ada', cookie: later.cookie })
  })

  it('creates no record on touch', async () => {
    const store = storeOf({ gone: recordFor(0) })
    for (const sid of ['unknown', 'gone']) store.touch(sid, recordFor(HOUR) as never)
    expect([await length(store), store.sessions]).toEqual([0, {}])
  })

  it('removes destroyed and cleared records', async () => {
    const store = storeOf({ a: ada, b: ada, c: ada })
    store.destroy('a')
    store.destroy('unknown')
    expect([await get(store, 'a'), await length(store)]).toEqual([undefined, 2])
    store.clear()
    expect([await get(store, 'b'), await length(store), await all(store)]).toEqual([undefined, 0, {}])
  })
})

describe('max', () => {
  it.each<[string, (store: MemoryStore) => unknown]>([
    ['get', (store) => store.get('a', () => {})],
    ['synchronous get', (store) => syncMethodOf(store, 'get')?.call(store, 'a')],
    ['set', (store) => store.set('a', ada as never)],
    ['touch', (store) => store.touch('a', ada as never)],
  ])('counts a %s as use', (_name, use) => {
    const store = storeOf({ a: ada, b: ada }, { max: 2 })
    use(store)
    store.set('c', ada as never)
    expect(kept(store)).toEqual(['a', 'c'])
  })

  it('limits the store to one session when it is 1, and to no number by default', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`s${index}`, ada]))
    expect(await length(storeOf(many, { max: 1 }))).toBe(1)
    expect(await length(storeOf(many))).toBe(500)
  })
})

describe('ttl', () => {
  it('is the lifetime of a session without an expiry', async () => {
    const store = storeOf({ a: record(), b: recordFor(3 * HOUR) }, { ttl: HOUR })
    vi.setSystemTime(Date.now() + HOUR)
    expect([await get(store, 'a'), Object.keys(await all(store))]).toEqual([undefined, ['b']])
  })
})

describe('checkPeriod', () => {
  it('is a minute by default', () => {
    for (const checkPeriod of [undefined, 5000]) {
      const period = checkPeriod ?? MINUTE
      const store = storeOf({ a: recordFor(period), b: recordFor(HOUR) }, { checkPeriod })
      vi.advanceTimersByTime(period - 1)
      expect(kept(store)).toEqual(['a', 'b'])
      vi.advanceTimersByTime(1)
      expect(kept(store)).toEqual(['b'])
      store.clear()
    }
  })

  it('disables the sweeps when it is 0', () => {
    const store = storeOf({ a: recordFor(1000) }, { checkPeriod: 0 })
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(HOUR)
    expect(kept(store)).toEqual(['a'])
  })

  it.each([2 ** 31, Number.POSITIVE_INFINITY])('may be longer than the longest timer: %s', (checkPeriod) => {
    const store = storeOf({ a: recordFor(1000) }, { checkPeriod })
    vi.advanceTimersByTime(MINUTE)
    expect(kept(store)).toEqual(['a'])
    store.close()
  })

  it('does not keep the process running', () => {
    vi.useRealTimers()
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const store = storeOf({ a: ada })
    expect(timers()).toBe(before)
    store.close()
  })
})

describe('close', () => {
  it('stops the sweeps until the next save, and keeps the sessions', async () => {
    const store = storeOf({ a: ada })
    store.close()
    expect([vi.getTimerCount(), await get(store, 'a')]).toEqual([0, ada])
    store.set('b', ada as never)
    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('options', () => {
  it.each<[MemoryStoreOptions, string]>([
    [{ max: 0 }, 'max option must be a number from 1 up, not 0'],
    [{ max: -5 }, 'not -5'],
    [{ max: Number.NaN }, 'not NaN'],
    [{ max: '10' as never }, 'max option'],
    [{ ttl: 0 }, 'ttl option must be a number from 1 up, not 0'],
    [{ ttl: Number.NaN }, 'ttl option'],
    [{ ttl: '1h' as never }, 'not "1h"'],
    [{ checkPeriod: -1 }, 'checkPeriod option must be a number from 0 up, not -1'],
    [{ checkPeriod: Number.NaN }, 'checkPeriod option'],
    [{ checkPeriod: false as never }, 'not false'],
  ])(
    'are ignored and reported for %j, since express-session ignores all options',
    async (options, message) => {
      const tell = vi.fn()
      const store = new MemoryStore(options)
      addReporter(store, new Reporter(tell, false))
      for (const sid of ['a', 'b']) store.set(sid, ada as never)
      expect(await length(store)).toBe(2)
      expect(vi.getTimerCount()).toBe(1)
      expect(tell.mock.calls.flat()).toMatchObject([
        { code: 'SESSIONWARE_MEMORY_STORE', message: expect.stringContaining(message) },
      ])
    },
  )

  it.each([undefined, null, {}, { max: null, ttl: undefined }, 5, 'text', { reapInterval: 5 }])(
    'may be %j',
    (options) => {
      expect(() => new MemoryStore(options as never)).not.toThrow()
    },
  )
})

describe('a store that inherits from MemoryStore', () => {
  const Child = function (this: object, options?: MemoryStoreOptions) {
    Reflect.apply(MemoryStore, this, [options])
  } as unknown as Es5
  inherits(Child, MemoryStore)

  it('can be written in ES5 style', async () => {
    const [child, other] = [new Child({ max: 1 }), new Child()]
    for (const sid of ['a', 'b']) child.set(sid, ada as never)
    expect([await length(child), await length(other), await get(child, 'b')]).toEqual([1, 0, ada])
    expect([child instanceof MemoryStore, child instanceof Store]).toEqual([true, true])
    vi.advanceTimersByTime(MINUTE)
    child.clear()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('removes its expired sessions', async () => {
    const child = new Child()
    child.set('a', recordFor(1000) as never)
    child.set('b', recordFor(HOUR) as never)
    vi.advanceTimersByTime(MINUTE)
    expect(kept(child)).toEqual(['b'])
  })
})

function storeOf(records: { [sid: string]: unknown }, options?: MemoryStoreOptions) {
  const store = new MemoryStore(options)
  for (const [sid, each] of Object.entries(records)) store.set(sid, each as never)
  return store
}

/** Returns the ids of all sessions in memory, expired or not, by reading them at a time before any expiry. */
function kept(store: MemoryStore) {
  const now = Date.now()
  vi.setSystemTime(0)
  const sids = Object.keys(store.sessions)
  vi.setSystemTime(now)
  return sids.sort()
}

function get(store: MemoryStore, sid: string): Promise<unknown> {
  return new Promise((resolve, reject) =>
    store.get(sid, (err, found) => (err ? reject(err) : resolve(found))),
  )
}

function all(store: MemoryStore): Promise<{ [sid: string]: unknown }> {
  return new Promise((resolve) => store.all((_err, sessions) => resolve(sessions ?? {})))
}

function length(store: MemoryStore) {
  return new Promise((resolve) => store.length((_err, count) => resolve(count)))
}

/** Omits a cookie that is null, which is the same as none. */
function dropNull(_key: string, value: unknown) {
  return value === null ? undefined : value
}
