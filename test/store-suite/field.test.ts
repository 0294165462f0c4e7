import { afterAll, describe, it, vi } from 'vitest'
import { storeSuite } from '../../src/store-suite'
import { type Lease, MissingServer, type OpenStore, type StoreKind } from '../stores/contract'
import { kinds } from '../stores/kinds'
import { ours } from '../support/implementations'
import { known, UNTRIED } from './known'

// Servers' clocks cannot be turned forward; the stores wait at the same time instead.
vi.setConfig({ maxConcurrency: 30 })

/** Servers count in whole seconds and round; memcached rounds twice. */
const PRECISION = 1_500
const MEMCACHED_PRECISION = 2_000
const NOWHERE = new URL('none://in-process')

for (const kind of kinds.filter(({ name }) => !name.startsWith('fixture'))) {
  describe.concurrent('a store of the field', async () => {
    const lease = await leaseFor(kind)
    if (lease instanceof MissingServer) miss(kind, lease)
    else trySuite(kind, lease)
  })
}

function trySuite(kind: StoreKind, lease: Lease | undefined) {
  const opened = new Map<unknown, OpenStore>()
  afterAll(() => lease?.close())

  storeSuite({
    describe: describe.sequential,
    it: trying,
    name: kind.name,
    async create() {
      const open = await kind.open(ours, lease?.url ?? NOWHERE)
      opened.set(open.store, open)
      return open.store
    },
    close: (store) => opened.get(store)?.close(),
    abilities: [...kind.abilities, 'expiry'],
    known: known[kind.name],
    precision: kind.name.startsWith('connect-memcached') ? MEMCACHED_PRECISION : PRECISION,
  })
}

type Declare = (title: string, body: () => Promise<void>) => void

/** What is known to be broken is tried all the same, and must be. */
const trying = Object.assign(((title, body) => it(title, body)) satisfies Declare, {
  skip: ((title, body) => (title.includes(UNTRIED) ? it.skip : it.fails)(title, body)) satisfies Declare,
})

async function leaseFor(kind: StoreKind): Promise<Lease | MissingServer | undefined> {
  try {
    return await kind.server?.lease()
  } catch (err) {
    if (err instanceof MissingServer) return err
    throw err
  }
}

function miss(kind: StoreKind, missing: MissingServer) {
  const reason = `NO SERVER: ${kind.name}: ${missing.message}`
  console.warn(reason)
  it.skipIf(process.env.REQUIRE_SERVERS !== '1')(reason, () => {
    throw missing
  })
}
