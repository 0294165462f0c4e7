import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { AnyStore, OpenStore, StoreKind } from '../contract'
import { loadStore } from '../load-store'
import { redis } from '../servers'
import { uniqueName } from './unique-name'

type RedisStore = new (options: { client: unknown; prefix: string }) => AnyStore
type Module = { RedisStore: RedisStore }

const RECONNECT_DELAY = 50

export const connectRedis9: StoreKind = {
  name: 'connect-redis 9 (redis)',
  abilities: ['touch', 'all', 'length', 'clear'],
  server: redis,
  async open(base, url): Promise<OpenStore> {
    const { RedisStore } = loadStore<Module>('connect-redis', base)
    const client = createClient({
      url: url.href,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: () => RECONNECT_DELAY },
    })
    client.on('error', () => {})
    await client.connect()
    const prefix = `${uniqueName()}:`
    const store = new RedisStore({ client, prefix })
    return {
      store,
      expiryOf: async (sid) => existing(await client.pExpireTime(prefix + sid)),
      async close() {
        await dropKeys(await client.keys(`${prefix}*`), (keys) => client.del(keys))
        await client.close()
      },
    }
  },
}

export const connectRedis8: StoreKind = {
  name: 'connect-redis 8 (ioredis)',
  abilities: ['touch', 'all', 'length', 'clear'],
  server: redis,
  async open(base, url): Promise<OpenStore> {
    const { RedisStore } = loadStore<Module>('connect-redis8', base)
    const client = new Redis(url.href, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => RECONNECT_DELAY,
    })
    client.on('error', () => {})
    await client.connect()
    const prefix = `${uniqueName()}:`
    const store = new RedisStore({ client, prefix })
    return {
      store,
      expiryOf: async (sid) => existing(Number(await client.pexpiretime(prefix + sid))),
      async close() {
        await dropKeys(await client.keys(`${prefix}*`), (keys) => client.del(keys))
        await client.quit()
      },
    }
  },
}

/** Redis answers with a negative number for a missing key, and for a key without an expiry. */
function existing(time: number): number | undefined {
  return time < 0 ? undefined : time
}

async function dropKeys(keys: string[], drop: (keys: string[]) => Promise<unknown>) {
  if (keys.length > 0) await drop(keys)
}
