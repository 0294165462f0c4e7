import { createClient } from 'redis'
import { RedisStore } from '../../../src/stores/redis'

/** Opens the store of one process. */
export async function openStore() {
  const client = createClient({ url: process.env.TEST_REDIS_URL ?? '' })
  await client.connect()
  return new RedisStore({ client, prefix: process.env.TEST_PREFIX })
}
