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
  const tables = new Set<string>()
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
    /** Opens a store on a table, which is made if it is missing: a plain one or, with options, a conditional one. */
    async store(tableName: string, options?: ConditionalOptions): Promise<AnyStore> {
      if (!tables.has(tableName)) await this.createTable(tableName)

      const PgStore = loadStore<(session: typeof ours) => PgStore>('connect-pg-simple', ours)(ours)
      const settings = {
        pool,
        schemaName: schema,
        tableName,
        pruneSessionInterval: false,
      }
      const store = new PgStore(settings)
      return options ? conditional(store, options) : store
    },
    tableOf: (name: string) => `"${schema}"."${name}"`,
    async createTable(name: string) {
      tables.add(name)
      const file = join(__dirname, '../node_modules/connect-pg-simple/table.sql')
      const sql = readFileSync(file, 'utf8').replaceAll('"session"', `"${schema}"."${name}"`)
      // The names of the key and the index are those of the schema.
      await pool.query(
        sql.replace('session_pkey', `${name}_pkey`).replace('IDX_session_expire', `${name}_expire`),
      )
    },
    query: async (sql: string) => (await pool.query(sql)).rows,
    async close() {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`)
      await pool.end()
      await lease.close()
    },
  }
}
