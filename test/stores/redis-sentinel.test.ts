import { createRequire } from 'node:module'
import { afterEach, describe, expect, it } from 'vitest'
import session from '../../src'
import { RedisStore, type RedisStoreClient } from '../../src/stores/redis'
import { MissingServer } from './contract'
import { MASTER_NAME, says, startWatchedRedis } from './servers/redis-sentinel'
import { until } from './until'
import { within } from './within'

const load = createRequire(__filename)

type NodeRedis = RedisStoreClient & {
  on(event: string, listener: () => void): void
  connect(): Promise<unknown>
  destroy(): unknown
}
type Ioredis = RedisStoreClient & { on(event: string, listener: () => void): void; disconnect(): void }

interface Opened {
  client: RedisStoreClient
  close(): unknown
}

async function nodeRedis(alias: string, { port }: URL): Promise<Opened> {
  const { createSentinel } = load(alias) as { createSentinel(options: object): NodeRedis }
  const sentinelRootNodes = [{ host: '127.0.0.1', port: Number(port) }]
  const client = createSentinel({ name: MASTER_NAME, sentinelRootNodes, scanInterval: 200 })
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => client.destroy() }
}

async function ioredis(alias: string, { port }: URL): Promise<Opened> {
  const { Redis } = load(alias) as { Redis: new (options: object) => Ioredis }
  const client = new Redis({ name: MASTER_NAME, sentinels: [{ host: '127.0.0.1', port: Number(port) }] })
  client.on('error', () => {})
  return { client, close: () => client.disconnect() }
}

const clients: [name: string, open: (url: URL) => Promise<Opened>][] = [
  ['redis 5', (url) => nodeRedis('redis5', url)],
  ['redis 6', (url) => nodeRedis('redis', url)],
  ['ioredis 5', (url) => ioredis('ioredis5', url)],
  ['ioredis 6', (url) => ioredis('ioredis', url)],
]

/** In milliseconds: an answer that takes longer counts as none. */
const PATIENCE = 2_000

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const timely = <T>(answer: Promise<T>) => within(PATIENCE, answer)

describe('RedisStore with a sentinel', () => {
  it.for(clients)('has its sessions after the master was lost (%s)', async ([, open], { skip }) => {
    const redis = await startWatchedRedis().catch((err: Error) => err)
    if (redis instanceof MissingServer && process.env.REQUIRE_SERVERS !== '1') return skip(redis.message)
    if (redis instanceof Error) throw redis
    closers.push(redis.close)
    const { client, close } = await open(redis.url)
    closers.push(close)
    const store = new RedisStore({ client })
    const data = (more: object) => ({ ...more, cookie: new session.Cookie({ maxAge: 3_600_000 }) })

    store.index((record) => (record as { user?: string }).user)
    await store.set('a', data({ n: 1, user: 'ann' }))
    const loaded = await store.get('a')
    expect(await store.compareAndSet('a', data({ n: 2, user: 'ann' }), loaded ?? undefined)).toBe(true)
    await store.touch('a', data({ n: 2, user: 'ann' }))
    expect(await store.findByUser('ann')).toMatchObject([{ id: 'a', n: 2 }])
    expect(await store.length()).toBe(1)
    await until('the replica to have the record', () => says(redis.replica, '"n":2', 'GET', 'sess:a'))

    await redis.master.stop()
    await until('the replica to take over', () =>
      timely(store.set('b', data({ n: 3 }))).then(
        () => true,
        () => false,
      ),
    )
    const found = await timely(store.get('a'))
    expect(found).toMatchObject({ n: 2 })
    expect(await timely(store.compareAndSet('a', data({ n: 4 }), found ?? undefined))).toBe(true)
    expect((await timely(store.all())).sort((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      { id: 'a', n: 4 },
      { id: 'b', n: 3 },
    ])
    await timely(store.clear())
    expect(await timely(store.length())).toBe(0)
  })
})
