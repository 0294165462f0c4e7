import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConditionalOptions, conditional } from '../../../src/stores/postgres'
import { ours } from '../../support/implementations'
import type { AnyStore, Lease } from '../contract'
import { uniqueName } from '../kinds/unique-name'
import { loadStore, requireUntyped } from '../load-store'
import { postgres } from '../servers'

interface Pool {
  on(event: 'error', listener: () => void): void
  query(sql: string): Promise<{ rows: unknown[] }>
  end(): Promise<void>
}
type PgStore = new (options: object) => AnyStore

/** A schema of the test's own, with tables as connect-pg-simple makes them. */
export function postgresTables() {
  const schema = uniqueName()
  let lease: Lease
  let pool: Pool
  return {
    schema,
    get url() {
      return lease.url.href
    },
    async open() {
      lease = await postgres.lease()
      const { Pool } = requireUntyped<{ Pool: new (options: object) => Pool }>('pg')
      pool = new Pool({ connectionString: lease.url.href, max: 5 })
      pool.on('error', () => {})
      await pool.query(`CREATE SCHEMA ${schema}`)
    },
    /** Opens a store on a table, which is made at its first use: a plain one or, with options, a conditional one. */
    store(tableName: string, options?: ConditionalOptions): AnyStore {
      const PgStore = loadStore<(session: typeof ours) => PgStore>('connect-pg-simple', ours)(ours)
      const settings = {
        pool,
        schemaName: schema,
        tableName,
        createTableIfMissing: true,
        pruneSessionInterval: false,
      }
      const store = new PgStore(settings)
      return options ? conditional(store, options) : store
    },
    tableOf: (name: string) => `"${schema}"."${name}"`,
    async createTable(name: string) {
      const file = join(__dirname, '../node_modules/connect-pg-simple/table.sql')
      await pool.query(readFileSync(file, 'utf8').replaceAll('"session"', `"${schema}"."${name}"`))
    },
    query: async (sql: string) => (await pool.query(sql)).rows,
    async close() {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`)
      await pool.end()
      await lease.close()
    },
  }
}
