import type { Server } from '../contract'
import { startPrivateRedis } from './private-redis'
import { reach } from './reach'

/** The Redis that REDIS_URL names, and a redis-server of the test's own for outages. */
export const redis: Server = {
  lease: () => reach('REDIS_URL', 'redis://127.0.0.1:6379'),
  interruptible: () => startPrivateRedis(),
}
