import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import type { SessionOptions } from '../../src'
import { ours } from '../support/implementations'
import { MAX_AGE, startApp } from './app'
import { ask } from './ask'
import { Browser } from './browser'
import { MissingServer, type OpenStore, type StoreKind } from './contract'
import { kinds } from './kinds'
import { NOWHERE, type StoredRecord } from './scenarios/bench'
import { until } from './until'

// The clocks of the servers cannot be faked, so the tests run in real time, those of three stores at the same time.
vi.setConfig({ maxConcurrency: 12, testTimeout: 600_000 })

/** In milliseconds. */
const TIMEOUT = 4_500

/** In milliseconds: stores round the end of a record to whole seconds, and requests take time. */
const EARLY = 2_200

/** The same for one store. */
const earlyOf = ({ rounding = 0 }: StoreKind) => Math.max(EARLY, Math.min(rounding, TIMEOUT - 1_000))

const OWN = 'sessionware/redis (redis 6)'

/**
 * What ends an idle session: an expiry of the store that `touch` moves, or the record that `touch` rewrites. With 'sweep'
 * the store has an expiry, but its `get` answers with expired records until it removes them.
 */
const ENFORCED: Record<string, 'store' | 'record' | 'store and record' | 'sweep'> = {
  [OWN]: 'store',
  'connect-redis 9 (redis)': 'store',
  'connect-redis 8 (ioredis)': 'store',
  'connect-mongo 6': 'store',
  'connect-pg-simple 10': 'store',
  'connect-session-knex 5 (pg)': 'store',
  'connect-session-knex 5 (SQLite)': 'store',
  'connect-session-sequelize 7 (pg)': 'sweep',
  'session-file-store 1': 'record',
  'memorystore 1': 'store and record',
  'express-mysql-session 3 (MariaDB)': 'store',
  'better-sqlite3-session-store 0.1': 'store',
  'connect-memcached 3': 'store and record',
}

/** Of our own Redis store one client is enough: the expiry is that of Redis. */
const published = kinds.filter(({ name, isOwn }) => !name.startsWith('fixture') && (!isOwn || name === OWN))

it('the table of docs/lifetimes.md has each store, and what ends its idle sessions', () => {
  expect(published.map(({ name }) => name).sort()).toEqual(Object.keys(ENFORCED).sort())
  const text = readFileSync(join(__dirname, '../../docs/lifetimes.md'), 'utf8')
  for (const [name, by] of Object.entries(ENFORCED)) {
    const product = name.replace(/ .*/, '')
    const row = text.split('\n').find((line) => line.startsWith('| ') && line.includes(product))
    const shown = { store: 'store', record: 'record', 'store and record': 'both', sweep: 'sweep' }[by]
    expect(row, product).toMatch(new RegExp(`\\| ${shown} \\|`))
  }
})

describe.concurrent.each(published)('$name', (kind) => {
  it('keeps a session in use, and ends it when it is idle', async ({ skip }) => {
    await using(kind, { idleTimeout: TIMEOUT }, skip, async ({ app, open }) => {
      const browser = new Browser(app)
      const { id } = await browser.write({ user: 'ada' })
      let lastUse = Date.now()
      const start = lastUse
      while (Date.now() < start + TIMEOUT + earlyOf(kind)) {
        lastUse = Date.now()
        expect((await browser.visit('/read')).data).toMatchObject({ user: 'ada' })
        await sleep(100)
      }
      await expectKind(kind, open, id)
      if (ENFORCED[kind.name] === 'sweep') return
      await until('the idle session to end', async () => !(await browser.visit('/poll')).data.user)
      expect(Date.now() - lastUse).toBeGreaterThan(TIMEOUT - earlyOf(kind))
    })
  })

  it('ends a session without a request between', async ({ skip }) => {
    await using(kind, { idleTimeout: TIMEOUT, cookie: {} }, skip, async ({ app, open }) => {
      const browser = new Browser(app)
      const { id } = await browser.write({ user: 'ada' })
      if (ENFORCED[kind.name] === 'sweep')
        return expect(await expiryOf(open, id)).toBeLessThan(Date.now() + TIMEOUT + earlyOf(kind))
      if (ENFORCED[kind.name] === 'record') await browser.visit('/read')
      await until('the idle session to end', async () => !(await browser.visit('/poll')).data.user)
      expect(app.errors).toEqual([])
    })
  })

  it('ends a session that is in use at its absolute timeout', async ({ skip }) => {
    await using(kind, { absoluteTimeout: TIMEOUT }, skip, async ({ app, open }) => {
      const browser = new Browser(app)
      const start = Date.now()
      const { id } = await browser.write({ user: 'ada' })
      await until('the session to end', async () => !(await browser.visit('/read')).data.user)
      expect(Date.now() - start).toBeGreaterThan(TIMEOUT - earlyOf(kind))
      // The touch of connect-mongo fails for a record that has ended since it was loaded.
      expect(app.errors.filter(({ message }) => message !== 'Unable to find the session to touch')).toEqual(
        [],
      )
      expect(await ask(open.store, 'get', id).then(Boolean, () => false)).toBe(false)
    })
  })

  it('takes over a record of express-session', async ({ skip }) => {
    await using(kind, { absoluteTimeout: TIMEOUT }, skip, async ({ app, open }) => {
      const browser = new Browser(app)
      const { id } = await browser.write({ user: 'ada' })
      const cookie = {
        originalMaxAge: MAX_AGE,
        expires: new Date(Date.now() + MAX_AGE),
        path: '/',
        httpOnly: true,
      }
      await ask(open.store, 'set', id, { user: 'bob', cookie: new ours.Cookie(cookie) })
      expect((await browser.visit('/read')).data).toMatchObject({ user: 'bob' })
      const record = await ask<StoredRecord>(open.store, 'get', id)
      expect(record.cookie.startedAt).toBeGreaterThan(Date.now() - TIMEOUT)
      await until('the session to end', async () => !(await browser.visit('/read')).data.user)
    })
  })
})

interface Parts {
  open: OpenStore
  app: Awaited<ReturnType<typeof startApp>>
}

async function using(
  kind: StoreKind,
  options: Partial<SessionOptions>,
  skip: (note: string) => void,
  run: (parts: Parts) => Promise<void>,
) {
  const lease = await kind.server?.lease().catch((err: Error) => err)
  if (lease instanceof MissingServer && process.env.REQUIRE_SERVERS !== '1') return skip(lease.message)
  if (lease instanceof Error) throw lease
  const open = await kind.open(ours, lease?.url ?? NOWHERE)
  const app = await startApp(ours, open.store, options)
  try {
    await run({ open, app })
  } finally {
    await app.close()
    await open.close()
    await lease?.close()
  }
}

/** Checks where the end of a session in use is. */
async function expectKind(kind: StoreKind, open: OpenStore, id: string) {
  const { cookie } = await ask<StoredRecord>(open.store, 'get', id)
  const isRewritten = ENFORCED[kind.name]?.includes('record') ?? false
  expect(cookie.lastWrite).toBe(isRewritten ? 'touch' : 'save')
  if (ENFORCED[kind.name] !== 'record')
    expect(await expiryOf(open, id)).toBeLessThan(Date.now() + TIMEOUT + earlyOf(kind))
}

async function expiryOf(open: OpenStore, id: string): Promise<number> {
  const expiry = await open.expiryOf(id)
  if (expiry === undefined) throw new Error('the record has no expiry in the backend')
  return expiry
}
