import { type Knex, knex } from 'knex'
import type { SessionModule } from '../../support/implementations'
import type { AnyStore, OpenStore } from '../contract'
import { loadStore } from '../load-store'
import { uniqueName } from './unique-name'

type KnexStore = new (options: object) => AnyStore & { ready: Promise<void> }

/** connect-session-knex on any database that knex supports. */
export async function openKnex(base: SessionModule, config: Knex.Config): Promise<OpenStore> {
  const { ConnectSessionKnexStore } = loadStore<{ ConnectSessionKnexStore: KnexStore }>(
    'connect-session-knex',
    base,
  )
  const db = knex({ ...config, log: { warn() {}, error() {} } })
  const tableName = uniqueName()
  const store = new ConnectSessionKnexStore({ knex: db, tableName, cleanupInterval: 0 })
  await store.ready
  return {
    store,
    async expiryOf(sid) {
      const row = await db(tableName).where({ sid }).first('expired')
      return row && new Date(row.expired).getTime()
    },
    async close() {
      await db.schema.dropTable(tableName)
      await db.destroy()
    },
  }
}
