import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import { createClient as createClient4, createCluster as createCluster4 } from 'redis4'
import { createClient as createClient5, createCluster as createCluster5 } from 'redis5'
import { describe, expect, it } from 'vitest'
import { RedisStore, type RedisStoreClient } from '../../src/stores/redis'

const nodes = { rootNodes: [{ url: 'redis://127.0.0.1:1' }] }
const lazy = { lazyConnect: true }

/** Assigned here without a cast, so that the compiler checks the types of the packages. */
const clients: Record<string, RedisStoreClient> = {
  'redis 4': createClient4(),
  'redis 5': createClient5(),
  'redis 6': createClient(),
  'a pool of redis 6': createClientPool(),
  'a sentinel of redis 6': createSentinel({
    name: 'main',
    sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }],
  }),
  'a cluster of redis 4': createCluster4(nodes),
  'a cluster of redis 5': createCluster5(nodes),
  'a cluster of redis 6': createCluster(nodes),
  'ioredis 5': new Redis5(lazy),
  'ioredis 6': new Redis(lazy),
  'a cluster of ioredis 5': new Cluster5(['redis://127.0.0.1:1'], lazy),
  'a cluster of ioredis 6': new Cluster(['redis://127.0.0.1:1'], lazy),
}

describe('RedisStore', () => {
  it.each(Object.entries(clients))('takes the type of %s, which need not be connected', (_name, client) => {
    expect(new RedisStore({ client }).client).toBe(client)
  })

  it('says that a client of node-redis was never connected', async () => {
    for (const name of ['redis 4', 'redis 5', 'redis 6']) {
      const store = new RedisStore({ client: clients[name] as RedisStoreClient })
      const message = 'the client of RedisStore is not connected: call client.connect()'
      await expect(store.get('a')).rejects.toThrow(message)
      expect(String(await new Promise((resolve) => store.destroy('a', resolve)))).toContain(message)
    }
  })
})
