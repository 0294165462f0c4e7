import type { SessionModule } from '../../support/implementations'
import { startApp, type TestApp } from '../app'
import { ask } from '../ask'
import { Browser } from '../browser'
import { type Ability, type Lease, MissingServer, type OpenStore, type StoreKind } from '../contract'

/** One behaviour to test on each store: a column of the table. */
export interface Scenario {
  column: string
  title: string
  needs?: Ability | 'server' | 'Store' | 'this package'
  run(bench: Bench): Promise<void>
}

/** Which implementation's Store class the store extends, and which implementation's middleware uses it. */
export interface Way {
  name: string
  base: SessionModule
  session: SessionModule
}

/** A store on its server, and an app that uses it. */
export interface Bench {
  kind: StoreKind
  way: Way
  lease: Lease | undefined
  open: OpenStore
  app: TestApp
  browser(cookie?: string, patience?: number): Browser
  record(sid: string): Promise<StoredRecord | null | undefined>
  has(sid: string): Promise<boolean>
  close(): Promise<void>
}

export interface StoredRecord {
  [key: string]: unknown
  cookie: Record<string, unknown>
}

export const NOWHERE = new URL('none://in-process')

/** Opens the server, the store and the app, or returns the reason why the server is missing. */
export async function openBench(kind: StoreKind, way: Way): Promise<Bench | MissingServer> {
  try {
    const lease = await kind.server?.lease()
    return await benchOn(kind, way, lease?.url ?? NOWHERE, lease)
  } catch (err) {
    if (err instanceof MissingServer) return err
    throw err
  }
}

export async function benchOn(kind: StoreKind, way: Way, url: URL, lease?: Lease): Promise<Bench> {
  const open = await kind.open(way.base, url)
  const app = await startApp(way.session, open.store)
  return {
    kind,
    way,
    lease,
    open,
    app,
    browser: (cookie, patience) => new Browser(app, cookie, patience),
    record: (sid) => ask(open.store, 'get', sid),
    has: (sid) => ask(open.store, 'get', sid).then(Boolean, isMissingFile),
    async close() {
      await app.close()
      await open.close()
      await lease?.close()
    },
  }
}

/** session-file-store answers with the error ENOENT for a missing record. */
function isMissingFile(err: NodeJS.ErrnoException): false {
  if (err.code !== 'ENOENT') throw err
  return false
}
