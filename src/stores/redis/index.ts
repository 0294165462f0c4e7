export type { CommandClient, IoredisClient, NodeRedisClient, RedisStoreClient } from './client'
export { RedisStore } from './redis-store'
export type { RedisStoreOptions } from './redis-store-options'
