import { createClient } from 'redis'
import { uniqueName } from '../kinds/unique-name'
import { redis } from '../servers'

/** Reaches the Redis that processes share. Returns the environment of their stores, and a function that drops their keys. */
export async function reachRedis() {
  const { url } = await redis.lease()
  const prefix = `${uniqueName()}:`
  return {
    env: { TEST_REDIS_URL: url.href, TEST_PREFIX: prefix },
    async dropKeys() {
      const client = await createClient({ url: url.href }).connect()
      for await (const keys of client.scanIterator({ MATCH: `${prefix.slice(0, -1)}*`, COUNT: 1000 }))
        if (keys.length > 0) await client.del(keys)
      await client.close()
    },
  }
}
