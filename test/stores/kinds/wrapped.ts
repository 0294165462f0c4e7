import { hashIds } from '../../../src'
import { conditional } from '../../../src/stores/postgres'
import type { SessionModule } from '../../support/implementations'
import { ours } from '../../support/implementations'
import type { AnyStore, OpenStore, StoreKind } from '../contract'
import { ownRedis } from './own-redis'
import { ownStyles } from './own-styles'
import { connectPgSimple } from './postgres'
import { connectRedis9 } from './redis'

const memoryStore: StoreKind = {
  name: 'MemoryStore',
  abilities: ['touch', 'all', 'length', 'clear'],
  compares: true,
  async open(): Promise<OpenStore> {
    const store = new ours.MemoryStore()
    const expiryOf = (sid: string) =>
      new Promise<number | undefined>((resolve) => {
        store.get(sid, (_err, record) =>
          resolve(record ? Date.parse(String(record.cookie.expires)) : undefined),
        )
      })
    return { store, expiryOf, close: async () => {} }
  },
}

const conditionalPgSimple: StoreKind = {
  ...connectPgSimple,
  name: 'conditional(connect-pg-simple 10)',
  compares: true,
  open: (base, url) => wrap(connectPgSimple, base, url, (store) => conditional(store)),
}

const redis6 = ownRedis.find(({ name }) => name === 'sessionware/redis (redis 6)') as StoreKind
const promises = ownStyles.find(({ name }) => name === 'fixture: promises only') as StoreKind

/** Stores of the table with a function of ours around them. */
export const wrapped: StoreKind[] = [
  conditionalPgSimple,
  ...[memoryStore, promises, redis6, connectRedis9, connectPgSimple, conditionalPgSimple].map(hashed),
]

function hashed(kind: StoreKind): StoreKind {
  return {
    ...kind,
    name: `hashIds(${kind.name})`,
    isOwn: true,
    async open(base, url) {
      const open = await kind.open(base, url)
      const store = hashIds(open.store as never)
      return { ...open, store: store as never, expiryOf: (sid) => open.expiryOf(store.keyOf(sid)) }
    },
  }
}

async function wrap(
  kind: StoreKind,
  base: SessionModule,
  url: URL,
  around: (store: AnyStore) => object,
): Promise<OpenStore> {
  const open = await kind.open(base, url)
  return { ...open, store: around(open.store) as AnyStore }
}
