import { createRequire } from 'node:module'
import { RedisStore, type RedisStoreClient } from '../../../src/stores/redis'
import type { OpenStore, Server, StoreKind } from '../contract'
import { redis } from '../servers'
import { redisCluster } from '../servers/redis-cluster'
import { hasValkey, valkey } from '../servers/valkey'
import { uniqueName } from './unique-name'

const load = createRequire(__filename)

/** In milliseconds. */
const RECONNECT_DELAY = 50

/** A connected client, as one version of a package makes it. */
export interface OpenClient {
  client: RedisStoreClient
  close(): Promise<unknown>
}

/** How to open a client of one version of a package. */
export interface ClientKind {
  name: string
  server: Server
  open(url: URL): Promise<OpenClient>
}

type Emitter = { on(event: string, listener: () => void): void }
type NodeRedis = Emitter &
  RedisStoreClient & { connect(): Promise<unknown>; quit(): Promise<unknown>; close(): Promise<unknown> }
type Ioredis = Emitter & RedisStoreClient & { connect(): Promise<unknown>; disconnect(): void }

function nodeRedis(version: string, alias: string): ClientKind {
  return {
    name: `redis ${version}`,
    server: redis,
    async open(url) {
      const { createClient } = load(alias) as { createClient(options: object): NodeRedis }
      const socket = { reconnectStrategy: () => RECONNECT_DELAY }
      return opened(createClient({ url: url.href, disableOfflineQueue: true, socket }))
    },
  }
}

function nodeRedisPool(version: string, alias: string): ClientKind {
  return {
    name: `redis ${version}, pool`,
    server: redis,
    async open(url) {
      const { createClientPool } = load(alias) as { createClientPool(options: object): NodeRedis }
      const socket = { reconnectStrategy: () => RECONNECT_DELAY }
      const pool = createClientPool({ url: url.href, disableOfflineQueue: true, socket })
      return opened(pool, () => pool.close())
    },
  }
}

function nodeRedisCluster(version: string, alias: string): ClientKind {
  return {
    name: `redis ${version}, cluster`,
    server: redisCluster,
    async open(url) {
      const { createCluster } = load(alias) as { createCluster(options: object): NodeRedis }
      const socket = { reconnectStrategy: () => RECONNECT_DELAY }
      const defaults = { disableOfflineQueue: true, socket }
      return opened(createCluster({ rootNodes: [{ url: url.href }], defaults }))
    },
  }
}

async function opened(client: NodeRedis, close = () => client.quit()): Promise<OpenClient> {
  client.on('error', () => {})
  await client.connect()
  return { client, close }
}

function ioredis(version: string, alias: string): ClientKind {
  return {
    name: `ioredis ${version}`,
    server: redis,
    async open(url) {
      const { Redis } = load(alias) as { Redis: new (url: string, options: object) => Ioredis }
      const client = new Redis(url.href, {
        lazyConnect: true,
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        retryStrategy: () => RECONNECT_DELAY,
      })
      return openedIoredis(client)
    },
  }
}

function ioredisCluster(version: string, alias: string): ClientKind {
  return {
    name: `ioredis ${version}, cluster`,
    server: redisCluster,
    async open(url) {
      const { Cluster } = load(alias) as { Cluster: new (nodes: string[], options: object) => Ioredis }
      return openedIoredis(
        new Cluster([url.href], {
          lazyConnect: true,
          enableOfflineQueue: false,
          clusterRetryStrategy: () => RECONNECT_DELAY,
          slotsRefreshTimeout: 10_000,
          redisOptions: { maxRetriesPerRequest: 0, enableOfflineQueue: false },
        }),
      )
    },
  }
}

async function openedIoredis(client: Ioredis): Promise<OpenClient> {
  client.on('error', () => {})
  await client.connect()
  return { client, close: async () => client.disconnect() }
}

/** The object with one method that an application may pass. */
const command: ClientKind = {
  name: 'command()',
  server: redis,
  async open(url) {
    const { client, close } = await nodeRedis('6', 'redis').open(url)
    const { sendCommand } = client as unknown as { sendCommand(args: string[]): Promise<unknown> }
    return { client: { command: (...args: string[]) => sendCommand.call(client, args) }, close }
  },
}

const redis6 = nodeRedis('6', 'redis')

/** Each client that `RedisStore` takes. */
export const clientKinds: ClientKind[] = [
  nodeRedis('4', 'redis4'),
  nodeRedis('5', 'redis5'),
  redis6,
  ioredis('5', 'ioredis5'),
  ioredis('6', 'ioredis'),
  nodeRedisPool('5', 'redis5'),
  nodeRedisPool('6', 'redis'),
  nodeRedisCluster('4', 'redis4'),
  nodeRedisCluster('5', 'redis5'),
  nodeRedisCluster('6', 'redis'),
  ioredisCluster('5', 'ioredis5'),
  ioredisCluster('6', 'ioredis'),
  command,
  ...(hasValkey ? [{ ...redis6, name: 'redis 6, valkey', server: valkey }] : []),
]

/** `RedisStore` with each client, as kinds of stores. */
export const ownRedis: StoreKind[] = clientKinds.map((kind) => ({
  name: `sessionware/redis (${kind.name})`,
  abilities: ['touch', 'all', 'length', 'clear'],
  compares: true,
  // The cluster and the pool of node-redis emit nothing while they have no server, and a client of one method has no events.
  tellsOutage: !/^redis ., (cluster|pool)|^command/.test(kind.name),
  isOwn: true,
  isOlderClient: /^(redis [45]|ioredis 5)/.test(kind.name),
  server: kind.server,
  open: (_base, url) => openOwnRedis(kind, url),
}))

async function openOwnRedis(kind: ClientKind, url: URL): Promise<OpenStore> {
  const { client, close } = await kind.open(url)
  const store = new RedisStore({ client, prefix: `${uniqueName()}:` })
  return {
    store,
    async expiryOf(sid) {
      const time = Number(await sendTo(client, 'PEXPIRETIME', store.prefix + sid))
      return time < 0 ? undefined : time
    },
    async close() {
      await store.clear()
      await close()
    },
  }
}

type Call = (...args: unknown[]) => Promise<unknown>

/** Sends a command with a key by any of the clients. */
export function sendTo(
  client: RedisStoreClient,
  name: string,
  key: string,
  ...args: string[]
): Promise<unknown> {
  const any = client as unknown as { call?: Call; masters?: unknown; sendCommand?: Call; command: Call }
  if (any.call) return any.call(name, key, ...args)
  if (!any.sendCommand) return any.command(name, key, ...args)
  return any.masters
    ? any.sendCommand(key, false, [name, key, ...args])
    : any.sendCommand([name, key, ...args])
}
