import { PrismaSessionStore } from '@quixo3/prisma-session-store'
import MongoStore from 'connect-mongo'

import connectMongoDBSession = require('connect-mongodb-session')

import connectPgSimple from 'connect-pg-simple'
import { RedisStore } from 'connect-redis'
import { ConnectSessionKnexStore } from 'connect-session-knex'
import connectSessionSequelize from 'connect-session-sequelize'
import connectSqlite3 from 'connect-sqlite3'

import expressMySqlSession = require('express-mysql-session')

import knex from 'knex'
import createMemoryStore from 'memorystore'
import { createClient } from 'redis'
import { Sequelize } from 'sequelize'
import sessionFileStore from 'session-file-store'
import session, { type SessionOptions, type Store } from 'sessionware'

const SQLiteStore = connectSqlite3(session)
const SQLiteOfStore = connectSqlite3({ Store: session.Store })
const PostgresStore = connectPgSimple(session)
const MySQLStore = expressMySqlSession(session)
const FileStore = sessionFileStore(session)
const MongoDBStore = connectMongoDBSession(session)
const SequelizeStore = connectSessionSequelize(session.Store)
const MemoryStore = createMemoryStore(session)

const client = createClient()
const db = new Sequelize('sqlite::memory:')
const stores: Store[] = [
  new RedisStore({ client, prefix: 'session:', ttl: (record) => record.cookie.originalMaxAge ?? 60 }),
  MongoStore.create({ mongoUrl: 'mongodb://127.0.0.1:27017' }),
  new PostgresStore({ createTableIfMissing: true }),
  new MySQLStore({ host: '127.0.0.1', database: 'sessions' }),
  new FileStore({ path: './sessions' }),
  new MongoDBStore({ uri: 'mongodb://127.0.0.1:27017', collection: 'sessions' }, (error) => error.message),
  new SequelizeStore({ db, extendDefaultFields: (fields, record) => ({ ...fields, user: record.user }) }),
  new ConnectSessionKnexStore({ knex: knex({ client: 'pg' }), cleanupInterval: 0 }),
  new MemoryStore({ checkPeriod: 86_400_000 }),
  new PrismaSessionStore({} as any, { checkPeriod: 120_000 }),
  new SQLiteStore({ db: 'sessions.db', dir: '.' }) as Store,
  new SQLiteOfStore() as unknown as Store,
]
for (const store of stores) session({ secret: 'a secret', resave: false, saveUninitialized: false, store })

export const options: SessionOptions = { secret: 'a secret', store: new RedisStore({ client }) }
export const middleware = session({ secret: 'a secret', store: new SQLiteStore() as Store })

export class CachedRedisStore extends RedisStore {
  override async get(sid: string, callback?: (err?: unknown, data?: any) => any) {
    return super.get(sid, callback)
  }
}

export class LoggedMySQLStore extends MySQLStore {
  override async close(): Promise<void> {
    await super.close()
  }
}
