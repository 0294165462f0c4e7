import { createPool, type RowDataPacket } from 'mysql2/promise'
import type { SessionModule } from '../../support/implementations'
import type { AnyStore, OpenStore, StoreKind } from '../contract'
import { loadStore } from '../load-store'
import { mysql } from '../servers'
import { uniqueName } from './unique-name'

type MySQLStore = new (options: object, pool: unknown) => AnyStore & { onReady(): Promise<void> }

export const expressMysqlSession: StoreKind = {
  name: 'express-mysql-session 3 (MariaDB)',
  abilities: ['touch', 'all', 'length', 'clear'],
  server: mysql,
  async open(base, url): Promise<OpenStore> {
    const create = loadStore<(session: SessionModule) => MySQLStore>('express-mysql-session', base)
    const pool = createPool(url.href)
    const tableName = uniqueName()
    const store = new (create(base))({ clearExpired: false, schema: { tableName } }, pool)
    await store.onReady()
    return {
      store,
      async expiryOf(sid) {
        const [[row]] = await pool.query<RowDataPacket[]>('SELECT expires FROM ?? WHERE session_id = ?', [
          tableName,
          sid,
        ])
        return row && row.expires * 1000
      },
      async close() {
        await pool.query('DROP TABLE ??', [tableName])
        await pool.end()
      },
    }
  },
}
