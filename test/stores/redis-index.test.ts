import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { RedisStore } from '../../src/stores/redis'
import type { FoundSession, UserOf } from '../../src/types'
import { type Lease, MissingServer } from './contract'
import { type ClientKind, clientKinds, type OpenClient, sendTo } from './kinds/own-redis'
import { uniqueName } from './kinds/unique-name'

const HOUR = 3_600_000

const userOf: UserOf = (record) => (record as { user?: string | number }).user
const data = (more: object, maxAge = HOUR) => ({ ...more, cookie: new session.Cookie({ maxAge }) })
const newId = () => randomBytes(12).toString('hex')

const NAMES = ['redis 6', 'redis 6, cluster', 'ioredis 6, cluster', 'command()']

for (const kind of clientKinds.filter(({ name }) => NAMES.includes(name))) {
  describe(`the index of users with ${kind.name}`, () => {
    const closing: (() => Promise<unknown>)[] = []
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close()
    })

    /** Opens a store with an index, and a function that sends a command to the server of a set. */
    async function open({ prefix = `${uniqueName()}:`, indexed = true } = {}) {
      const { client, close } = await openClient(kind, closing)
      const store = new RedisStore({ client, prefix })
      if (indexed) store.index(userOf)
      closing.push(close, () => store.clear())
      const setOf = (user: string) => `${prefix.slice(0, -1)}u:${user}`
      const send = (name: string, user: string, ...args: string[]) =>
        sendTo(client, name, setOf(user), ...args)
      return { store, client, prefix, send }
    }

    const find = async (store: RedisStore, user: string) =>
      (await store.findByUser(user)).sort((a, b) => a.id.localeCompare(b.id))

    it('lists the sessions of one user, with their keys and their ends', async () => {
      const { store } = await open()
      const ids = [newId(), newId(), newId()].sort()
      await Promise.all(ids.map((id, i) => store.set(id, data({ user: 'ada', i }))))
      await store.set(newId(), data({ user: 'bob' }))
      await store.compareAndSet(newId(), data({}), undefined)
      const found = await find(store, 'ada')
      expect(found.map(({ id }) => id)).toEqual(ids)
      for (const { cookie } of found)
        expect(Number(cookie.expires)).toBeGreaterThan(Date.now() + HOUR - 60_000)
      expect(await find(store, 'eve')).toEqual([])
    })

    it('adds a session at each of set, touch and compareAndSet, also one of connect-redis', async () => {
      const { store, client, prefix } = await open()
      const ids = [newId(), newId(), newId(), newId()].sort() as [string, string, string, string]
      const record = data({ user: 7 })
      for (const id of ids.slice(1, 3)) await sendTo(client, 'SET', prefix + id, JSON.stringify(record))
      await store.set(ids[0], record)
      await store.touch(ids[1], record)
      await store.compareAndSet(ids[2], data({ user: 7, more: 1 }), (await store.get(ids[2])) ?? undefined)
      await store.compareAndSet(ids[3], record, undefined)
      expect((await find(store, '7')).map(({ id }) => id)).toEqual(ids)
    })

    it('leaves out what was destroyed, and sessions that have another user now', async () => {
      const { store } = await open()
      const [gone, changed, kept] = [newId(), newId(), newId()]
      for (const id of [gone, changed, kept]) await store.set(id, data({ user: 'ada' }))
      await store.destroy(gone)
      await store.set(changed, data({ user: 'bob' }))
      expect((await find(store, 'ada')).map(({ id }) => id)).toEqual([kept])
      expect((await find(store, 'bob')).map(({ id }) => id)).toEqual([changed])
    })

    it('lists a session that is in use for longer than its first expiry', async () => {
      const { store } = await open()
      const id = newId()
      await store.set(id, data({ user: 'ada' }, 400))
      await store.touch(id, data({ user: 'ada' }))
      await new Promise((resolve) => setTimeout(resolve, 450))
      expect((await find(store, 'ada')).map((found) => found.id)).toEqual([id])
    })

    it('forgets expired sessions when one is added, and expires with the last of them', async () => {
      const { store, send } = await open()
      const soon = Array.from({ length: 20 }, newId)
      await Promise.all(soon.map((id) => store.set(id, data({ user: 'ada' }, 60))))
      expect(Number(await send('PTTL', 'ada'))).toBeLessThanOrEqual(60)
      await store.set(newId(), data({ user: 'bob' }, HOUR))
      await store.set(newId(), data({ user: 'bob' }, 60))
      expect(Number(await send('PTTL', 'bob'))).toBeGreaterThan(HOUR - 60_000)
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(await send('EXISTS', 'ada')).toBe(0)
      await store.set(newId(), data({ user: 'bob' }))
      expect(await send('ZCARD', 'bob')).toBe(2)
    })

    it('writes nothing more without index()', async () => {
      const { store, send } = await open({ indexed: false })
      await store.set(newId(), data({ user: 'ada' }))
      expect(await send('EXISTS', 'ada')).toBe(0)
      await expect(store.findByUser('ada')).rejects.toThrow('call sessionsOf(store, userOf)')
    })

    it('is removed by clear(), and is not among all()', async () => {
      const { store, send } = await open()
      const id = newId()
      await store.set(id, data({ user: 'ada' }))
      expect(((await store.all()) as FoundSession[]).map((found) => found.id)).toEqual([id])
      await store.clear()
      expect(await send('EXISTS', 'ada')).toBe(0)
      expect(await find(store, 'ada')).toEqual([])
    })

    it.runIf(kind.name === 'redis 6')('keeps nothing of 10,000 logins that have expired', async () => {
      const { store, send } = await open()
      const users = Array.from({ length: 100 }, (_, i) => `user ${i}`)
      for (let round = 0; round < 100; round++) {
        await Promise.all(users.map((user) => store.compareAndSet(newId(), data({ user }, 200), undefined)))
      }
      const countSets = async () => {
        const found = await Promise.all(users.map((user) => send('EXISTS', user)))
        return found.reduce((sum: number, count) => sum + Number(count), 0)
      }
      await vi.waitFor(async () => expect([await store.length(), await countSets()]).toEqual([0, 0]), {
        timeout: 60_000,
        interval: 100,
      })
    })
  })
}

async function openClient(kind: ClientKind, closing: (() => Promise<unknown>)[]): Promise<OpenClient> {
  let lease: Lease
  try {
    lease = await kind.server.lease()
  } catch (err) {
    if (err instanceof MissingServer) throw new Error(`NO SERVER: ${err.message}`)
    throw err
  }
  closing.push(lease.close)
  return kind.open(lease.url)
}
