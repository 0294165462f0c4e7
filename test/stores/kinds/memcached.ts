import type { SessionModule } from '../../support/implementations'
import type { AnyStore, OpenStore, StoreKind } from '../contract'
import { loadStore, requireUntyped } from '../load-store'
import { memcached } from '../servers'
import { expiryIn } from './memcached-expiry'
import { uniqueName } from './unique-name'

type Memcached = new (host: string, options: object) => { end(): void }
type MemcachedStore = new (options: object) => AnyStore

export const connectMemcached: StoreKind = {
  name: 'connect-memcached 3',
  abilities: ['touch', 'length', 'clear'],
  faults: {
    length: {
      reason: "length() answers with the server's statistics, not a number",
      error: /\[object Object\]3/,
    },
    'cut: load': {
      reason: 'its client never answers a request whose connection breaks',
      error: /aborted due to timeout/,
    },
  },
  // The store rounds the lifetime, memcached rounds it again, and its clock, which ticks once a second, may be late.
  rounding: 5_000,
  server: memcached,
  async open(base, url): Promise<OpenStore> {
    const create = loadStore<(session: SessionModule) => MemcachedStore>('connect-memcached', base)
    const Memcached = requireUntyped<Memcached>('memcached')
    const client = new Memcached(url.host, { timeout: 5_000, retries: 0, retry: 50, failures: 1_000 })
    const prefix = `${uniqueName()}:`
    return {
      store: new (create(base))({ client, prefix }),
      expiryOf: (sid) => expiryIn(url, prefix + sid),
      close: async () => client.end(),
    }
  },
}
