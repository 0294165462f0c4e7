import { Sequelize } from 'sequelize'
import type { SessionModule } from '../../support/implementations'
import type { AnyStore, OpenStore, StoreKind } from '../contract'
import { loadStore, requireUntyped } from '../load-store'
import { postgres } from '../servers'
import { openKnex } from './knex'
import { uniqueName } from './unique-name'

interface Pool {
  on(event: 'error', listener: () => void): void
  query(sql: string, values?: unknown[]): Promise<{ rows: Array<{ at: string } | undefined> }>
  end(): Promise<void>
}
type PgStore = new (options: object) => AnyStore & { close(): Promise<void> }
type SequelizeStore = new (
  options: object,
) => AnyStore & { sync(): Promise<void>; stopExpiringSessions(): void }

const CONNECT_TIMEOUT = 5_000

/** The connections of one store. Many tests run at the same time, and a server accepts a hundred by default. */
const CONNECTIONS = 2

export const connectPgSimple: StoreKind = {
  name: 'connect-pg-simple 10',
  abilities: ['touch'],
  server: postgres,
  async open(base, url): Promise<OpenStore> {
    const { Pool } = requireUntyped<{ Pool: new (options: object) => Pool }>('pg')
    const pool = new Pool({
      connectionString: url.href,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      max: CONNECTIONS,
    })
    pool.on('error', () => {})
    const schemaName = uniqueName()
    await pool.query(`CREATE SCHEMA ${schemaName}`)
    const PgStore = loadStore<(session: SessionModule) => PgStore>('connect-pg-simple', base)(base)
    const store = new PgStore({ pool, schemaName, createTableIfMissing: true, pruneSessionInterval: false })
    const expiry = `SELECT extract(epoch FROM expire) * 1000 AS at FROM ${schemaName}.session WHERE sid = $1`
    return {
      store,
      async expiryOf(sid) {
        const { rows } = await pool.query(expiry, [sid])
        return rows[0] && Number(rows[0].at)
      },
      async close() {
        await pool.query(`DROP SCHEMA ${schemaName} CASCADE`)
        await store.close()
        await pool.end()
      },
    }
  },
}

export const connectSessionKnexPg: StoreKind = {
  name: 'connect-session-knex 5 (pg)',
  abilities: ['touch', 'all', 'length', 'clear'],
  server: postgres,
  open: (base, url) =>
    openKnex(base, {
      client: 'pg',
      connection: { connectionString: url.href, connectionTimeoutMillis: CONNECT_TIMEOUT },
      acquireConnectionTimeout: CONNECT_TIMEOUT,
      pool: { min: 0, max: CONNECTIONS },
    }),
}

export const connectSessionSequelize: StoreKind = {
  name: 'connect-session-sequelize 7 (pg)',
  abilities: ['touch', 'length'],
  faults: {
    expiry: {
      reason: 'get() serves expired records until the sweep, every 15 minutes',
      error: /not to be/,
    },
    'drops it': {
      reason: 'get() serves expired records until the sweep, every 15 minutes',
      error: /still waiting for the store to drop the record/,
    },
  },
  server: postgres,
  async open(base, url): Promise<OpenStore> {
    const db = new Sequelize(url.href, { logging: false, pool: { max: CONNECTIONS } })
    const create = loadStore<(store: unknown) => SequelizeStore>('connect-session-sequelize', base)
    const tableName = uniqueName()
    const store = new (create(base.Store))({ db, tableName, checkExpirationInterval: 0 })
    await store.sync()
    return {
      store,
      async expiryOf(sid) {
        const row = await db.model('Session').findByPk(sid)
        return (row?.get('expires') as Date | undefined)?.getTime()
      },
      async close() {
        store.stopExpiringSessions()
        await db.getQueryInterface().dropTable(tableName)
        await db.close()
      },
    }
  },
}
