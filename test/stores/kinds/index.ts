import type { StoreKind } from '../contract'
import {
  betterSqlite3SessionStore,
  connectSessionKnexSqlite,
  memorystore,
  sessionFileStore,
} from './in-process'
import { connectMemcached } from './memcached'
import { connectMongo } from './mongo'
import { expressMysqlSession } from './mysql'
import { ownRedis } from './own-redis'
import { ownStyles } from './own-styles'
import { connectPgSimple, connectSessionKnexPg, connectSessionSequelize } from './postgres'
import { connectRedis8, connectRedis9 } from './redis'

export const kinds: StoreKind[] = [
  ...ownRedis,
  connectRedis9,
  connectRedis8,
  connectMongo,
  connectPgSimple,
  connectSessionKnexPg,
  connectSessionKnexSqlite,
  connectSessionSequelize,
  sessionFileStore,
  memorystore,
  expressMysqlSession,
  betterSqlite3SessionStore,
  connectMemcached,
  ...ownStyles,
]
