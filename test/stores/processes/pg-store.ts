import { conditional } from '../../../src/stores/postgres'
import { ours } from '../../support/implementations'
import { loadStore, requireUntyped } from '../load-store'

type Pool = new (options: object) => { on(event: 'error', listener: () => void): void }
type PgStore = new (options: object) => object

/** Opens the store of one process: connect-pg-simple on the table of the variables PG_URL and PG_SCHEMA. */
export function openStore() {
  const { Pool } = requireUntyped<{ Pool: Pool }>('pg')
  const pool = new Pool({ connectionString: process.env.PG_URL, max: 5 })
  pool.on('error', () => {})
  const PgStore = loadStore<(session: typeof ours) => PgStore>('connect-pg-simple', ours)(ours)
  const options = { pool, schemaName: process.env.PG_SCHEMA, pruneSessionInterval: false }
  return conditional(new PgStore(options), { user: 'userId' })
}
