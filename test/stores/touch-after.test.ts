import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionOptions } from '../../src'
import { ours } from '../support/implementations'
import { startApp, type TestApp } from './app'
import { Browser } from './browser'
import { MissingServer, type OpenStore } from './contract'
import { connectRedis9 } from './kinds/redis'
import { redis } from './servers'

/** In milliseconds: longer than the tests take. */
const AFTER = 300_000

type Commands = Record<string, number>

describe('touchAfter with connect-redis', async () => {
  // A Redis of its own, so that no other test adds to its statistics.
  const server = await redis.interruptible().catch((err: Error) => err)
  if (server instanceof Error) return miss(server)
  const { url } = server
  const admin = createClient({ url: url.href })
  const open: { store: OpenStore; app: TestApp }[] = []

  beforeAll(async () => {
    await admin.connect()
  })

  afterAll(async () => {
    for (const { store, app } of open) {
      await app.close()
      await store.close()
    }
    await admin.close()
    await server.close()
  })

  /** Starts what one process has: a middleware and a store with a client of its own. */
  async function startProcess(options: Partial<SessionOptions> = {}, prefix?: string) {
    const store = await connectRedis9.open(ours, url)
    if (prefix !== undefined) Object.assign(store.store, { prefix })
    const app = await startApp(ours, store.store, { touchAfter: AFTER, ...options })
    open.push({ store, app })
    return app
  }

  async function commandsOf(work: () => Promise<unknown>): Promise<Commands> {
    await admin.configResetStat()
    await work()
    const info = await admin.info('commandstats')
    const lines = [...info.matchAll(/^cmdstat_(get|set|expire|del):calls=(\d+)/gm)]
    return Object.fromEntries(lines.map(([, name = '', calls]) => [name, Number(calls)]))
  }

  const page = (app: TestApp, cookie: string | undefined, path = '/read') =>
    Promise.all(Array.from({ length: 20 }, () => new Browser(app, cookie).visit(path)))

  /** Logs in by another process, so that the ones under test have not saved the session. */
  async function logIn(prefix?: string) {
    const browser = new Browser(await startProcess({}, prefix))
    await browser.write({ user: 'ada' })
    return browser.cookie
  }

  it('costs a page of 20 requests 20 GET and 1 touch', async () => {
    const cookie = await logIn('page:')
    const app = await startProcess({}, 'page:')
    expect(await commandsOf(() => page(app, cookie))).toEqual({ get: 20, expire: 1 })
    expect(await commandsOf(() => page(app, cookie))).toEqual({ get: 20 })
  })

  it('costs a page of 20 requests 20 touches without the option', async () => {
    const cookie = await logIn('off:')
    const app = await startProcess({ touchAfter: 0 }, 'off:')
    expect(await commandsOf(() => page(app, cookie))).toEqual({ get: 20, expire: 20 })
  })

  it('sends the cookie once with rolling', async () => {
    const cookie = await logIn('rolling:')
    const app = await startProcess({}, 'rolling:')
    const visits = await page(app, cookie, '/rolling/read')
    expect(visits.filter(({ setCookie }) => setCookie !== undefined)).toHaveLength(1)
    expect(visits.every(({ data }) => data.user === 'ada')).toBe(true)
  })

  it('costs N processes at most N touches', async () => {
    const cookie = await logIn('many:')
    const apps = [
      await startProcess({}, 'many:'),
      await startProcess({}, 'many:'),
      await startProcess({}, 'many:'),
    ]
    const commands = await commandsOf(() => Promise.all(apps.map((app) => page(app, cookie))))
    expect(commands).toEqual({ get: 60, expire: 3 })
  })

  it('costs the first request of a session of express-session a save, if it has no start', async () => {
    const cookie = await logIn('first:')
    const app = await startProcess({ idleTimeout: 2 * AFTER, absoluteTimeout: 3 * AFTER }, 'first:')
    const browser = new Browser(app, cookie)
    expect(await commandsOf(() => browser.visit('/read'))).toEqual({ get: 1, set: 1 })
    expect(await commandsOf(() => browser.visit('/read'))).toEqual({ get: 1 })
  })
})

function miss(err: Error) {
  if (!(err instanceof MissingServer) || process.env.REQUIRE_SERVERS === '1') throw err
  it.skip(err.message)
}
