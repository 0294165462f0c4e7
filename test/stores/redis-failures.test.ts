import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import session from '../../src'
import { RedisStore } from '../../src/stores/redis'
import { ours } from '../support/implementations'
import { ask } from './ask'
import type { AnyStore, InterruptibleServer } from './contract'
import { MissingServer } from './contract'
import { clientKinds, type OpenClient, sendTo } from './kinds/own-redis'
import { loadStore } from './load-store'
import { redis } from './servers'
import { until } from './until'
import { within } from './within'

const HOUR = 3_600_000
/** In milliseconds: much longer than an answer takes, and shorter than a test may take. */
const PATIENCE = 30_000

const data = (more: object) => ({ ...more, cookie: new session.Cookie({ maxAge: HOUR }) })

const timely = <T>(answer: Promise<T>) => within(PATIENCE, answer)

describe.each(clientKinds.filter(({ name }) => ['redis 6', 'ioredis 6'].includes(name)))(
  'RedisStore with $name',
  (kind) => {
    let server: InterruptibleServer | Error
    let open: OpenClient
    let store: RedisStore

    beforeAll(async () => {
      server = await redis.interruptible().catch((err: Error) => err)
      if (server instanceof Error) return
      open = await kind.open(server.url)
      store = new RedisStore({ client: open.client })
    })
    afterAll(async () => {
      await open?.close()
      if (server && !(server instanceof Error)) await server.close()
    })

    /** Sends an administrator's command. */
    const admin = (name: string, ...args: string[]) => sendTo(open.client, name, ...(args as [string]))

    function scenario(title: string, run: (server: InterruptibleServer) => Promise<void>) {
      it(title, ({ skip }) => {
        if (!(server instanceof Error)) return run(server)
        if (!(server instanceof MissingServer) || process.env.REQUIRE_SERVERS === '1') throw server
        return skip(server.message)
      })
    }

    const write = async (id: string, more: object) =>
      timely(store.compareAndSet(id, data(more), (await timely(store.get(id))) ?? undefined))

    scenario('writes after the script cache was flushed', async () => {
      await store.set('a', data({ n: 0 }))
      expect(await write('a', { n: 1 })).toBe(true)
      await admin('SCRIPT', 'FLUSH')
      expect(await write('a', { n: 2 })).toBe(true)
      expect(await store.get('a')).toMatchObject({ n: 2 })
    })

    scenario('fails while the server is away, and writes when it is back', async (server) => {
      await store.set('b', data({ n: 0 }))
      const events: string[] = []
      for (const event of ['disconnect', 'connect']) store.on(event, () => events.push(event))
      await server.stop()
      await expect(timely(store.get('b'))).rejects.toThrow()
      await expect(timely(store.set('b', data({ n: 1 })))).rejects.toThrow()
      await until('the store to be disconnected', async () => events.includes('disconnect'))
      await server.start()
      await until('the store to be connected', async () => events.includes('connect'))
      expect(await write('b', { n: 2 })).toBe(true)
      expect(events).toEqual(['disconnect', 'connect'])
    })

    scenario('reads from a server that has become a replica, and says that it cannot write', async () => {
      await store.set('c', data({ n: 0 }))
      await admin('REPLICAOF', '127.0.0.1', '1')
      expect(await timely(store.get('c'))).toMatchObject({ n: 0 })
      await expect(timely(store.set('c', data({ n: 1 })))).rejects.toThrow('READONLY')
      await expect(write('c', { n: 1 })).rejects.toThrow(/READONLY|read only/)
      await expect(timely(store.compareAndSet('d', data({}), undefined))).rejects.toThrow('READONLY')
      await expect(timely(store.touch('c', data({})))).rejects.toThrow('READONLY')
      await expect(timely(store.destroy('c'))).rejects.toThrow('READONLY')
      await admin('REPLICAOF', 'NO', 'ONE')
      expect(await write('c', { n: 2 })).toBe(true)
    })

    scenario('says that the server is out of memory, still reads and logs out, and recovers', async () => {
      await store.set('e', data({ n: 0 }))
      await store.set('f', data({}))
      await admin('CONFIG', 'SET', 'maxmemory', '1')
      await expect(timely(store.set('e', data({ n: 1 })))).rejects.toThrow('OOM')
      await expect(write('e', { n: 1 })).rejects.toThrow('OOM')
      await expect(timely(store.compareAndSet('g', data({}), undefined))).rejects.toThrow('OOM')
      expect(await timely(store.get('e'))).toMatchObject({ n: 0 })
      await timely(store.touch('e', data({})))
      await timely(store.destroy('f'))
      await admin('CONFIG', 'SET', 'maxmemory', '0')
      expect(await write('e', { n: 2 })).toBe(true)
    })

    scenario('shares its records with connect-redis while both write', async () => {
      if (kind.name !== 'redis 6') return
      const { RedisStore: Theirs } = loadStore<{ RedisStore: new (options: object) => AnyStore }>(
        'connect-redis',
        ours,
      )
      const theirs = new Theirs({ client: open.client })
      await ask(theirs, 'set', 'h', data({ who: 'theirs' }))
      expect(await store.get('h')).toMatchObject({ who: 'theirs' })
      const work = Array.from({ length: 50 }, async (_, n) => {
        await ask(theirs, 'set', 'h', data({ who: 'theirs', n, text: 'x'.repeat(n * 10) }))
        await ask(theirs, 'touch', 'h', data({}))
        for (let outcome: unknown = await store.get('h'); outcome !== true; )
          outcome = await store.compareAndSet('h', data({ who: 'ours', n }), outcome as never)
      })
      await Promise.all(work)
      const record = await store.get('h')
      expect(await ask(theirs, 'get', 'h')).toEqual(record)
      expect(record).toMatchObject({ who: expect.stringMatching(/^(ours|theirs)$/), n: expect.any(Number) })
      await ask(theirs, 'destroy', 'h')
      expect(await write('i', { who: 'ours' })).toBe(true)
      expect(await ask(theirs, 'get', 'i')).toMatchObject({ who: 'ours' })
      expect((await store.all()).map(({ id }) => id).sort()).toEqual(
        (await ask<{ id: string }[]>(theirs, 'all')).map(({ id }) => id).sort(),
      )
    })
  },
)
