import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import session from '../../../../src'
import { guardedStore } from '../../../../src/store-guard/guarded-store'
import { RedisStore } from '../../../../src/stores/redis'
import { indexPrefixOf } from '../../../../src/stores/redis/user-index'
import { FakeRedis } from './fake-redis'

const HOUR = 3_600_000
const start = new Date('2030-01-01T00:00:00Z')

let redis: FakeRedis
let store: RedisStore

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  redis = new FakeRedis()
  store = new RedisStore({ client: redis, ttl: 2 * HOUR })
})
afterEach(() => void vi.useRealTimers())

const data = (more: object, maxAge?: number) => ({ ...more, cookie: new session.Cookie({ maxAge }) })

describe('RedisStore', () => {
  it('sends one command for each call, with the prefix and the expiry in milliseconds', async () => {
    await store.set('a', data({ user: 'ada' }, 1500.5))
    await store.set('b', data({}))
    await store.touch('a', data({}, HOUR))
    await store.get('a')
    await store.destroy('a')
    const json = JSON.stringify(data({ user: 'ada' }, 1500.5))
    expect(redis.calls).toEqual([
      ['SET', 'sess:a', json, 'PX', '1500'],
      ['SET', 'sess:b', JSON.stringify(data({})), 'PX', String(2 * HOUR)],
      ['PEXPIRE', 'sess:a', String(HOUR)],
      ['GET', 'sess:a'],
      ['DEL', 'sess:a'],
    ])
  })

  it('creates a record with one SET NX', async () => {
    expect(await store.compareAndSet('a', data({}, HOUR), undefined)).toBe(true)
    expect(redis.calls).toEqual([['SET', 'sess:a', JSON.stringify(data({}, HOUR)), 'PX', String(HOUR), 'NX']])
  })

  it('takes a record that its client has sent twice for its own', async () => {
    redis.texts.set('sess:a', JSON.stringify(data({ user: 'ada' })))
    expect(await store.compareAndSet('a', data({ user: 'ada' }), undefined)).toBe(true)
    expect(redis.takeNames()).toEqual(['SET', 'GET'])
  })

  it('sends the source of its script only to a server that does not know it', async () => {
    const replies = [new Error('NOSCRIPT No matching script.'), 1, 1]
    const command = vi.fn(async (..._args: string[]) => {
      const reply = replies.shift()
      if (reply instanceof Error) throw reply
      return reply
    })
    const other = new RedisStore({ client: { command } })
    await other.compareAndSet('a', data({}), data({}))
    await other.compareAndSet('a', data({}), data({}))
    expect(command.mock.calls.map(([name]) => name)).toEqual(['EVALSHA', 'EVAL', 'EVALSHA'])
    expect(command.mock.calls[1]?.[1]).toContain('sha1hex')
  })

  it('removes the record of a session that has expired already', async () => {
    await store.set('a', data({}, -1))
    expect(redis.takeNames()).toEqual(['DEL'])
  })

  it('passes the error of the client on, to the callback or by the promise', async () => {
    redis.failure = new Error('OOM command not allowed')
    await expect(store.get('a')).rejects.toBe(redis.failure)
    expect(await new Promise((resolve) => store.set('a', data({}), resolve))).toBe(redis.failure)
    expect(await new Promise((resolve) => store.touch('a', data({}), resolve))).toBe(redis.failure)
    expect(await new Promise((resolve) => store.destroy('a', resolve))).toBe(redis.failure)
  })

  it('answers with an error that shows nothing of a record that is not JSON', async () => {
    redis.texts.set('sess:a', 'secret: of ada')
    const failure = await store.get('a').catch((err: Error) => err)
    expect(String(failure)).toContain('a record in Redis is not JSON')
    expect(String(failure)).not.toContain('ada')
  })

  it('takes a reply that is a Buffer', async () => {
    const client = { command: async () => Buffer.from('{"user":"ada","cookie":{}}') }
    expect(await new RedisStore({ client }).get('a')).toMatchObject({ user: 'ada' })
  })

  it('rejects without an unhandled rejection if nobody waits', async () => {
    const seen = vi.fn()
    process.on('unhandledRejection', seen)
    redis.failure = new Error('away')
    store.set('a', data({}))
    store.destroy('a')
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', seen)
    expect(seen).not.toHaveBeenCalled()
  })

  it('shows its options, and nothing else, when it is logged', () => {
    expect(Object.keys(store).filter((name) => !name.startsWith('_'))).toEqual(['client', 'prefix', 'ttl'])
  })
})

describe('a destroy that an application calls', () => {
  it('ends the id for requests in flight, also while Redis works', async () => {
    const guarded = guardedStore(store as never)
    const state = guarded.ids.join('a')
    const removed = store.destroy('a')
    expect(state.isDestroyed).toBe(true)
    await removed
    expect(state.isDestroyed).toBe(true)
    expect(guarded.ids.find('a')).toBeUndefined()
  })

  it('does not end the id if it fails', async () => {
    const state = guardedStore(store as never).ids.join('a')
    redis.failure = new Error('away')
    await expect(store.destroy('a')).rejects.toThrow('away')
    expect(state.isDestroyed).toBe(false)
  })

  it('ends all ids with clear()', async () => {
    const state = guardedStore(store as never).ids.join('a')
    store.clear(() => {})
    expect(state.isDestroyed).toBe(true)
  })
})

describe('the connection of the client', () => {
  it('makes the store emit disconnect and connect once for each change', () => {
    const events: string[] = []
    for (const event of ['disconnect', 'connect']) store.on(event, () => events.push(event))
    for (const event of ['close', 'reconnecting', 'reconnecting', 'ready', 'ready', 'end']) redis.emit(event)
    expect(events).toEqual(['disconnect', 'connect', 'disconnect'])
  })

  it('adds the same few listeners for many stores on one client', () => {
    const before = redis.listenerCount('ready')
    const stores = Array.from({ length: 20 }, (_, i) => new RedisStore({ client: redis, prefix: `${i}:` }))
    expect(redis.listenerCount('ready')).toBe(before)
    const told = stores.map((each) => {
      const listener = vi.fn()
      each.on('disconnect', listener)
      return listener
    })
    redis.emit('end')
    for (const listener of told) expect(listener).toHaveBeenCalledOnce()
  })
})

describe('the keys of the index', () => {
  it.each([
    ['sess:', 'sessu:'],
    ['my-app-', 'my-appu-'],
    ['сессия:', 'сессияu:'],
    ['sess', 'u:sess:'],
    ['', 'u::'],
    [':', 'u:'],
  ])('start for the prefix %j with %j', (prefix, expected) => {
    expect(indexPrefixOf(prefix)).toBe(expected)
    if (prefix) expect(expected.startsWith(prefix)).toBe(false)
  })
})
