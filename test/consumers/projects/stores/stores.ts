import MongoStore from 'connect-mongo'
import connectPgSimple from 'connect-pg-simple'
import { RedisStore } from 'connect-redis'
import { createClient } from 'redis'
import session, { type SessionData, type Store } from 'sessionware'

const PostgresStore = connectPgSimple(session)

const redis: Store = new RedisStore({ client: createClient(), prefix: 'session:' })
const mongo: session.Store = MongoStore.create({ mongoUrl: 'mongodb://127.0.0.1:27017' })
const postgres: Store = new PostgresStore({ createTableIfMissing: true })

for (const store of [redis, mongo, postgres]) session({ secret: 'a secret', store })

export const isRedis = (store: Store): store is RedisStore => store instanceof RedisStore
export const setIn = (store: RedisStore, data: SessionData) => store.set('an id', data, (error) => error)
