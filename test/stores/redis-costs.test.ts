import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SessionOptions, sessionsOf } from '../../src'
import { RedisStore } from '../../src/stores/redis'
import { ours } from '../support/implementations'
import { startApp, type TestApp } from './app'
import { Browser } from './browser'
import { type AnyStore, MissingServer } from './contract'
import { loadStore } from './load-store'
import { redis } from './servers'

/** In milliseconds: longer than the tests take. */
const AFTER = 300_000

type Commands = Record<string, number>
type Theirs = { RedisStore: new (options: object) => AnyStore }

/** What a script calls counts too: EVALSHA comes with the GET and the SET that it makes on the server. */
const WRITE = { evalsha: 1, get: 1, set: 1 }
/** The script of the index. */
const INDEX = { evalsha: 1, zadd: 1, zremrangebyscore: 1, zrange: 1, pexpire: 1 }

const sum = (...all: Commands[]) =>
  all.reduce((total, each) => {
    for (const [name, count] of Object.entries(each)) total[name] = (total[name] ?? 0) + count
    return total
  }, {} as Commands)

describe('the commands of a request', async () => {
  // A Redis of its own, so that no other test adds to its statistics.
  const server = await redis.interruptible().catch((err: Error) => err)
  if (server instanceof Error) return miss(server)
  const client = createClient({ url: server.url.href })
  const admin = createClient({ url: server.url.href })
  const apps: TestApp[] = []

  beforeAll(async () => {
    await client.connect()
    await admin.connect()
  })
  afterAll(async () => {
    for (const app of apps) await app.close()
    await Promise.all([client.close(), admin.close()])
    await server.close()
  })

  /** Counts what the work costs: commands, and how often the client sends something. */
  async function costOf(work: () => Promise<unknown>): Promise<Commands> {
    await admin.configResetStat()
    await work()
    const info = await admin.info('commandstats')
    const lines = [...info.matchAll(/^cmdstat_([a-z]+):calls=(\d+)/gm)]
    const counted = lines.filter(([, name]) => name !== 'config' && name !== 'info')
    return Object.fromEntries(counted.map(([, name = '', calls]) => [name, Number(calls)]))
  }

  async function start(store: AnyStore, options: Partial<SessionOptions> = {}) {
    const app = await startApp(ours, store, { touchAfter: AFTER, ...options })
    apps.push(app)
    return app
  }

  /** Visits the pages one after the other, and returns what each costs. */
  async function costsOf(app: TestApp) {
    const browser = new Browser(app)
    const other = new Browser(app)
    // The scripts are loaded.
    for (const n of [1, 2]) await other.write({ n, user: 'eve' })
    const costs = {
      anonymous: await costOf(() => browser.visit('/read')),
      login: await costOf(() => browser.visit('/regenerate')),
      read: await costOf(() => browser.visit('/read')),
      write: await costOf(() => browser.write({ user: 'ada' })),
      loginAgain: await costOf(() => browser.visit('/regenerate')),
      logout: await costOf(() => browser.visit('/destroy')),
    }
    const late = new Browser(await start(app === undefined ? ({} as AnyStore) : storeOf(app)), other.cookie)
    return {
      ...costs,
      firstRead: await costOf(() => late.visit('/read')),
      secondRead: await costOf(() => late.visit('/read')),
    }
  }

  const stores = new WeakMap<TestApp, AnyStore>()
  const storeOf = (app: TestApp) => stores.get(app) as AnyStore

  async function measure(store: AnyStore, options?: Partial<SessionOptions>) {
    const app = await start(store, options)
    stores.set(app, store)
    return costsOf(app)
  }

  const LIGHT = {
    anonymous: {},
    login: { set: 1 },
    read: { get: 1 },
    loginAgain: { get: 1, set: 1, del: 1 },
    logout: { get: 1, del: 1 },
    secondRead: { get: 1 },
  }

  it('are those of connect-redis without merging, with PEXPIRE in place of EXPIRE', async () => {
    const { RedisStore: Theirs } = loadStore<Theirs>('connect-redis', ours)
    const same = { ...LIGHT, write: { get: 1, set: 1 } }
    expect(await measure(new RedisStore({ client, prefix: 'plain:' }))).toEqual({
      ...same,
      firstRead: { get: 1, pexpire: 1 },
    })
    expect(await measure(new Theirs({ client, prefix: 'theirs:' }))).toEqual({
      ...same,
      firstRead: { get: 1, expire: 1 },
    })
  })

  it('are one script for a change with merging, and SET NX for a login', async () => {
    const store = new RedisStore({ client, prefix: 'merge:' })
    expect(await measure(store, { saveMode: 'merge' })).toEqual({
      ...LIGHT,
      write: sum({ get: 1 }, WRITE),
      firstRead: { get: 1, pexpire: 1 },
    })
  })

  it('have those of the index on top, where a session has a user and sessionsOf is used', async () => {
    const store = new RedisStore({ client, prefix: 'index:' })
    sessionsOf(store, (session) => (session as { user?: string }).user)
    const costs = await measure(store, { saveMode: 'merge' })
    expect(costs).toEqual({
      ...LIGHT,
      write: sum({ get: 1 }, WRITE, INDEX),
      firstRead: sum({ get: 1, pexpire: 1 }, INDEX),
    })
  })
})

function miss(err: Error) {
  if (!(err instanceof MissingServer) || process.env.REQUIRE_SERVERS === '1') throw err
  it.skip(err.message)
}
