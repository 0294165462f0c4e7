import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionModule } from '../../support/implementations'
import type { AnyStore, OpenStore, StoreKind } from '../contract'
import { loadStore, requireUntyped } from '../load-store'
import { openKnex } from './knex'

type Factory<Store = AnyStore> = (session: SessionModule) => new (options: object) => Store
type Lru = { dump(): Array<{ k: string; e: number }> }
type Sqlite = new (
  file: string,
) => {
  prepare(sql: string): { get(value: string): { expire: string } | undefined }
  close(): void
}

export const memorystore: StoreKind = {
  name: 'memorystore 1',
  abilities: ['touch', 'all', 'length', 'clear'],
  async open(base): Promise<OpenStore> {
    const create = loadStore<Factory<AnyStore & { store: Lru }>>('memorystore', base)
    const store = new (create(base))({})
    return {
      store,
      expiryOf: async (sid) => store.store.dump().find((entry) => entry.k === sid)?.e,
      close: async () => {},
    }
  },
}

export const sessionFileStore: StoreKind = {
  name: 'session-file-store 1',
  abilities: ['touch', 'length', 'clear'],
  async open(base): Promise<OpenStore> {
    const path = await mkdtemp(join(tmpdir(), 'session-files-'))
    const create = loadStore<Factory>('session-file-store', base)
    const options = { path, retries: 1, minTimeout: 5, maxTimeout: 10, reapInterval: -1, logFn() {} }
    return {
      store: new (create(base))(options),
      async expiryOf(sid) {
        const record = JSON.parse(await readFile(join(path, `${sid}.json`), 'utf8'))
        return record.__lastAccess + record.cookie.originalMaxAge
      },
      close: () => rm(path, { recursive: true, force: true }),
    }
  },
}

export const connectSessionKnexSqlite: StoreKind = {
  name: 'connect-session-knex 5 (SQLite)',
  abilities: ['touch', 'all', 'length', 'clear'],
  open: (base) =>
    openKnex(base, {
      client: 'better-sqlite3',
      connection: { filename: ':memory:' },
      pool: { min: 1, max: 1 },
      useNullAsDefault: true,
    }),
}

export const betterSqlite3SessionStore: StoreKind = {
  name: 'better-sqlite3-session-store 0.1',
  abilities: ['touch', 'all', 'length', 'clear'],
  faults: {
    all: {
      reason: 'all() answers with the rows of its table, in which the record is a string',
      error: /length of 2 but got \+?0/,
    },
  },
  async open(base): Promise<OpenStore> {
    const Database = requireUntyped<Sqlite>('better-sqlite3')
    const client = new Database(':memory:')
    const create = loadStore<Factory>('better-sqlite3-session-store', base)
    const store = new (create(base))({ client })
    return {
      store,
      async expiryOf(sid) {
        const row = client.prepare('SELECT expire FROM sessions WHERE sid = ?').get(sid)
        return row && Date.parse(row.expire)
      },
      close: async () => void client.close(),
    }
  },
}
