import { beforeAll, describe, it, type TestContext, vi } from 'vitest'
import { storeSuite } from '../../src/store-suite'
import { ours } from '../support/implementations'
import { type Lease, MissingServer, type OpenStore, type StoreKind } from './contract'
import { kinds } from './kinds'
import { wrapped } from './kinds/wrapped'
import { known, UNTESTED } from './known'

// The clocks of the servers cannot be faked, so the tests run in real time and wait concurrently.
vi.setConfig({ maxConcurrency: 30, testTimeout: 600_000 })

/** In milliseconds. Servers round expiries to whole seconds; memcached rounds twice. */
const PRECISION = 1_500
const MEMCACHED_PRECISION = 2_000
/** In milliseconds. Many stores run in one process, so answers are late on a busy machine. */
const TIMEOUT = 20_000
const NOWHERE = new URL('none://in-process')

for (const kind of [...kinds.filter(({ name }) => !name.startsWith('fixture')), ...wrapped]) {
  describe.concurrent('a published store', () => trySuite(kind))
}

function trySuite(kind: StoreKind) {
  const opened = new Map<unknown, OpenStore>()
  let lease: Lease | MissingServer | undefined

  beforeAll(async () => {
    lease = await leaseFor(kind)
    if (lease instanceof MissingServer) return console.warn(`NO SERVER: ${kind.name}: ${lease.message}`)
    return lease?.close
  })

  storeSuite({
    describe: describe.sequential,
    it: itWithServer(() => lease),
    name: kind.name,
    async create() {
      const open = await kind.open(ours, (lease as Lease | undefined)?.url ?? NOWHERE)
      opened.set(open.store, open)
      return open.store
    },
    close: (store) => opened.get(store)?.close(),
    abilities: [...kind.abilities, 'expiry', ...(kind.compares ? (['compareAndSet'] as const) : [])],
    known: known[kind.name],
    timeout: TIMEOUT,
    precision: kind.name.startsWith('connect-memcached') ? MEMCACHED_PRECISION : PRECISION,
  })
}

async function leaseFor(kind: StoreKind): Promise<Lease | MissingServer | undefined> {
  try {
    return await kind.server?.lease()
  } catch (err) {
    if (err instanceof MissingServer) return err
    throw err
  }
}

type Body = () => Promise<void>
type Try = (title: string, body: Body) => void

/** Vitest's `it`, skipped when the server is missing. Rules in `known` run too, and must fail. */
function itWithServer(lease: () => unknown): Try & { skip: Try } {
  const withServer =
    (body: Body) =>
    async ({ skip }: TestContext) => {
      const missing = lease()
      if (!(missing instanceof MissingServer)) return body()
      if (process.env.REQUIRE_SERVERS === '1') throw missing
      skip(missing.message)
    }
  return Object.assign((title: string, body: Body) => void it(title, withServer(body)), {
    skip: (title: string, body: Body) =>
      void (title.includes(UNTESTED) ? it.skip : it.fails)(title, withServer(body)),
  })
}
