import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { hashIds, MemoryStore } from '../../../../src'
import { asKeyed } from '../../../../src/store-guard/keyed-store'
import { syncMethodOf } from '../../../../src/store-guard/sync-methods'
import { liveSession } from '../../../../src/store-suite/live-session'
import { conditional } from '../../../../src/stores/postgres'
import type { SessionData, StoreLike } from '../../../../src/types'
import { createStore } from '../../../support/store'

const keyOf = (sid: string) => `sha256-${createHash('sha256').update(sid).digest('base64url')}`
const ask = <T>(call: (done: (err: unknown, value?: T) => void) => unknown) =>
  new Promise<T | undefined>((resolve, reject) => {
    call((err, value) => (err ? reject(err) : resolve(value)))
  })
const session = (sid: string, data: object = { user: 'ada' }) => liveSession(sid, data, { maxAge: 60_000 })

describe('hashIds', () => {
  it('stores the record under the SHA-256 of the id', async () => {
    const inner = createStore()
    const store = hashIds(inner as never)
    await ask((done) => store.set('secret id', session('secret id'), done))
    expect([...inner.records.keys()]).toEqual([keyOf('secret id')])
    expect(store.keyOf('secret id')).toBe(keyOf('secret id'))
    expect(await ask((done) => store.get('secret id', done as never))).toMatchObject({ user: 'ada' })
    await ask((done) => store.touch?.('secret id', session('secret id'), done))
    await ask((done) => store.destroy('secret id', done))
    expect(inner.records.size).toBe(0)
    expect(inner.calls.join()).not.toContain('secret')
  })

  it('shows the store a session whose id is the key, and leaves the one of the application as it is', async () => {
    const seen: unknown[] = []
    const inner = {
      ...plainStore(),
      set(sid: string, given: { id?: string }, done: () => void) {
        seen.push(sid, given.id, JSON.stringify(given))
        done()
      },
    }
    const live = session('secret id')
    await ask((done) => hashIds(inner as never).set('secret id', live, done))
    expect(seen.slice(0, 2)).toEqual([keyOf('secret id'), keyOf('secret id')])
    expect(seen[2]).toBe(JSON.stringify(live))
    expect(live.id).toBe('secret id')
  })

  it('calls the store as itself', async () => {
    class Inner extends MemoryStore {
      override touch(sid: string, data: SessionData, done?: () => void) {
        this.set(sid, data, done)
      }
    }
    const store = hashIds(new Inner())
    await ask((done) => store.touch?.('a', session('a'), done))
    expect(await ask((done) => store.get('a', done as never))).toMatchObject({ user: 'ada' })
  })

  it('has only the optional methods that the store has', () => {
    const optional = ['touch', 'all', 'length', 'clear', 'compareAndSet', 'index', 'findByUser'] as const
    const plain = hashIds(plainStore() as never)
    expect(optional.filter((name) => typeof plain[name] === 'function')).toEqual([])
    const full = hashIds(new MemoryStore())
    expect(optional.filter((name) => typeof full[name] === 'function')).toEqual([...optional])
  })

  it('has the synchronous forms of a MemoryStore, and none of another store, a spy or with migrate', () => {
    const inner = new MemoryStore()
    const store = hashIds(inner)
    const names = ['get', 'set', 'touch', 'compareAndSet'] as const
    expect(names.filter((name) => syncMethodOf(store as never, name))).toEqual([...names])
    syncMethodOf(store as never, 'set')?.call(store, 'a', undefined, '{"user":"ada"}')
    expect(syncMethodOf(store as never, 'get')?.call(store, 'a')?.snapshot).toBe('{"user":"ada"}')
    expect(Object.keys(inner.sessions)).toEqual([keyOf('a')])
    vi.spyOn(inner, 'get')
    expect(syncMethodOf(store as never, 'get')).toBeUndefined()
    expect(syncMethodOf(hashIds(createStore() as never) as never, 'get')).toBeUndefined()
    expect(syncMethodOf(hashIds(new MemoryStore(), { migrate: true }) as never, 'set')).toBeUndefined()
  })

  it('compares the objects that it has given, and those that it has written', async () => {
    const inner = new MemoryStore()
    const store = hashIds(inner) as StoreLike
    const write = (data: SessionData, loaded?: SessionData) =>
      ask((done) => store.compareAndSet?.('a', data, loaded, done))
    const first = session('a', { n: 1 })
    const second = session('a', { n: 2 })
    expect(await write(first)).toBe(true)
    expect(await write(second, first)).toBe(true)
    expect(await write(session('a', { n: 3 }), first)).toMatchObject({ n: 2 })
    const loaded = (await ask((done) => store.get('a', done as never))) as SessionData
    expect(await write(session('a', { n: 3 }), loaded)).toBe(true)
  })

  it('passes on connect and disconnect', () => {
    const inner = new MemoryStore()
    const store = hashIds(inner)
    const events: string[] = []
    for (const event of ['disconnect', 'connect']) store.on(event, () => events.push(event))
    inner.emit('disconnect')
    inner.emit('connect')
    expect(events).toEqual(['disconnect', 'connect'])
  })

  it('lists records by their keys, which destroyKey takes', async () => {
    const store = hashIds(new MemoryStore())
    await ask((done) => store.set('a', session('a'), done))
    const all = (await ask((done) => store.all?.(done as never))) as object
    expect(Object.keys(all)).toEqual([keyOf('a')])
    await ask((done) => store.destroyKey(keyOf('a'), done))
    expect(await ask((done) => store.length?.(done as never))).toBe(0)
    await ask((done) => store.destroyKey('unknown', done))
  })

  it('performs its methods without a callback', async () => {
    const inner = createStore()
    const store = hashIds(inner as never)
    store.set('a', session('a'))
    await vi.waitFor(() => expect(inner.records.size).toBe(1))
    store.touch?.('a', session('a'))
    store.destroy('a')
    await vi.waitFor(() => expect(inner.records.size).toBe(0))
    store.destroyKey('a')
  })

  it('passes on the errors of the store', async () => {
    const inner = createStore()
    const store = hashIds(inner as never)
    for (const method of ['get', 'set', 'destroy', 'touch'] as const) {
      inner.fail(method, new Error(`no ${method}`))
      const args = method === 'set' || method === 'touch' ? [session('a')] : []
      const call = Reflect.get(store, method) as (...args: unknown[]) => unknown
      await expect(ask((done) => call.call(store, 'a', ...args, done))).rejects.toThrow(`no ${method}`)
    }
  })

  it('throws a TypeError that names the remedy for a wrong use', () => {
    expect(() => hashIds(undefined as never)).toThrow('get, set and destroy, not undefined')
    expect(() => hashIds({} as never)).toThrow(TypeError)
    expect(() => hashIds(MemoryStore as never)).toThrow('make one with `new`')
    expect(() => hashIds(hashIds(new MemoryStore()))).toThrow('call it once')
    expect(() => hashIds(new MemoryStore(), { migrate: 'yes' as never })).toThrow('migrate option')
    expect(() => hashIds(new MemoryStore(), { migrat: true } as never)).toThrow('did you mean migrate?')
    expect(() => hashIds(new MemoryStore(), true as never)).toThrow('like { migrate: true }, not true')
    expect(() => conditional(hashIds(new MemoryStore()))).toThrow('hashIds(conditional(store))')
  })

  it('is a store with keys', () => {
    expect(asKeyed(hashIds(new MemoryStore()))).toBeDefined()
    expect(asKeyed(new MemoryStore())).toBeUndefined()
  })
})

describe('hashIds with migrate', () => {
  it('finds a record that another process moves between its two reads', async () => {
    const inner = createStore()
    const record = JSON.parse(JSON.stringify(session('old')))
    inner.put('old', record)
    const read = inner.get.bind(inner)
    inner.get = (sid, done) =>
      read(sid, (err, found) => {
        inner.put(keyOf('old'), record)
        inner.records.delete('old')
        done(err, found)
      })
    const store = hashIds(inner as never, { migrate: true })
    expect(await ask((done) => store.get('old', done as never))).toMatchObject({ user: 'ada' })
  })

  it('finds a record under its plain id, and moves it to its key', async () => {
    const inner = new MemoryStore()
    inner.set('old', session('old'))
    const store = hashIds(inner, { migrate: true })
    expect(await ask((done) => store.get('old', done as never))).toMatchObject({ user: 'ada' })
    expect(Object.keys(inner.sessions)).toEqual([keyOf('old')])
    expect(await ask((done) => store.get('old', done as never))).toMatchObject({ user: 'ada' })
    expect(await ask((done) => store.get('other', done as never))).toBeUndefined()
  })

  it('gives requests at the same time a record each, of which one is moved', async () => {
    const inner = createStore()
    inner.put('old', JSON.parse(JSON.stringify(session('old'))))
    const store = hashIds(inner as never, { migrate: true })
    const found = await Promise.all(
      Array.from({ length: 5 }, () => ask((done) => store.get('old', done as never))),
    )
    expect(found.every((record) => (record as unknown as { user: string }).user === 'ada')).toBe(true)
    expect(new Set(found).size).toBe(5)
    expect(inner.methods().filter((name) => name === 'set')).toHaveLength(1)
    expect([...inner.records.keys()]).toEqual([keyOf('old')])
  })

  it('moves a record whose own end is over, if the store still serves it', async () => {
    const inner = createStore()
    const ended = session('old')
    const record = JSON.parse(JSON.stringify(ended))
    record.cookie.expires = new Date(Date.now() - 1000).toISOString()
    inner.put('old', record)
    const store = hashIds(inner as never, { migrate: true })
    const found = (await ask((done) => store.get('old', done as never))) as SessionData
    expect(new Date(String(found.cookie.expires)).getTime()).toBeGreaterThan(Date.now())
    expect(found.cookie.originalMaxAge).toBe(60_000)
  })

  it('serves no record to a client that sends a key as its id', async () => {
    const inner = new MemoryStore()
    const store = hashIds(inner, { migrate: true })
    await ask((done) => store.set('a', session('a'), done))
    expect(await ask((done) => store.get(keyOf('a'), done as never))).toBeUndefined()
    expect(Object.keys(inner.sessions)).toEqual([keyOf('a')])
  })

  it('destroys a record that was not moved', async () => {
    const inner = new MemoryStore()
    inner.set('old', session('old'))
    await ask((done) => hashIds(inner, { migrate: true }).destroy('old', done))
    expect(Object.keys(inner.sessions)).toEqual([])
  })

  it('does not replace a record that another process has moved', async () => {
    const inner = new MemoryStore()
    inner.set('old', session('old', { n: 1 }))
    const { compareAndSet } = inner
    inner.compareAndSet = (sid, data, loaded, done) => {
      MemoryStore.prototype.set.call(inner, sid, session('old', { n: 2 }))
      compareAndSet.call(inner, sid, data, loaded, done)
    }
    const store = hashIds(inner, { migrate: true })
    expect(await ask((done) => store.get('old', done as never))).toMatchObject({ n: 2 })
  })

  it('reports an error of the move, and tries again at the next read', async () => {
    const inner = createStore()
    inner.put('old', JSON.parse(JSON.stringify(session('old'))))
    inner.fail('set', new Error('full'))
    const store = hashIds(inner as never, { migrate: true })
    await expect(ask((done) => store.get('old', done as never))).rejects.toThrow('full')
    inner.hold('set').release()
    expect(await ask((done) => store.get('old', done as never))).toMatchObject({ user: 'ada' })
  })
})

function plainStore() {
  const { get, set, destroy } = createStore()
  return { get, set, destroy }
}
