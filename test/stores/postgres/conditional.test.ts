import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hashIds, sessionsOf } from '../../../src'
import { liveSession } from '../../../src/store-suite/live-session'
import { conditional } from '../../../src/stores/postgres'
import type { Outcome, SessionData, StoreLike } from '../../../src/types'
import type { AnyStore } from '../contract'
import { postgresTables } from './tables'

const tables = postgresTables()
const userOf = (session: SessionData) => (session as { userId?: string }).userId
type Data = Record<string, unknown>

describe('conditional on a table of PostgreSQL', () => {
  beforeAll(tables.open)
  afterAll(tables.close)

  const ask = <T>(store: object, name: string, ...args: unknown[]) =>
    new Promise<T>((resolve, reject) => {
      const method = Reflect.get(store, name) as (...args: unknown[]) => unknown
      method.call(store, ...args, (err: unknown, value: T) => (err ? reject(err) : resolve(value)))
    })
  const session = (sid: string, data: object, maxAge = 60_000) => liveSession(sid, data, { maxAge })
  const fill = async (store: object, records: Record<string, object>) => {
    for (const [sid, data] of Object.entries(records)) await ask(store, 'set', sid, session(sid, data))
  }

  it('notices a record that another process has written without it', async () => {
    const [one, two] = [await tables.store('writes', {}), await tables.store('writes')]
    const loaded = await load(one, 'a', { n: 1 })
    await ask(two, 'set', 'a', session('a', { n: 2 }))
    expect(await ask<Outcome>(one, 'compareAndSet', 'a', session('a', { n: 3 }), loaded)).toMatchObject({
      n: 2,
    })
    // A touch is no change.
    const again = await ask<SessionData>(one, 'get', 'a')
    await ask(two, 'touch', 'a', session('a', {}, 120_000))
    expect(await ask<Outcome>(one, 'compareAndSet', 'a', session('a', { n: 3 }), again)).toBe(true)
    await ask(two, 'destroy', 'a')
    const gone = session('a', { n: 4 })
    expect(await ask<Outcome>(one, 'compareAndSet', 'a', gone, again)).toBe(false)
    expect(await ask<Outcome>(one, 'compareAndSet', 'a', gone, undefined)).toBe(true)
    expect(await ask<Outcome>(one, 'compareAndSet', 'a', session('a', {}), undefined)).toMatchObject({ n: 4 })
  })

  it('replaces a record that has expired, and compares none', async () => {
    const store = await tables.store('expired', {})
    const ended = session('a', { n: 1 }, -5_000)
    await ask(store, 'set', 'a', ended)
    expect(await ask(store, 'get', 'a')).toBeNull()
    expect(await ask<Outcome>(store, 'compareAndSet', 'a', session('a', { n: 2 }), ended)).toBe(false)
    expect(await ask<Outcome>(store, 'compareAndSet', 'a', session('a', { n: 2 }), undefined)).toBe(true)
  })

  it('lets one of many writers at once win', async () => {
    const store = await tables.store('race', {})
    const loaded = await load(store, 'a', { n: 0 })
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        ask<Outcome>(store, 'compareAndSet', 'a', session('a', { n: n + 1 }), loaded),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === true)).toHaveLength(1)
    const created = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        ask<Outcome>(store, 'compareAndSet', 'b', session('b', { n }), undefined),
      ),
    )
    expect(created.filter((outcome) => outcome === true)).toHaveLength(1)
  })

  it.each([
    ['a key', { user: 'userId' }, (data: Data) => data.userId, (userId: unknown) => ({ userId })],
    [
      'a path, and names with quotes',
      { user: ["it's", 'a "key"', 'back\\slash'] },
      (data: Data) =>
        (data as never as { "it's"?: Record<string, Record<string, string>> })["it's"]?.['a "key"']?.[
          'back\\slash'
        ],
      (userId: unknown) => ({ "it's": { 'a "key"': { 'back\\slash': userId } } }),
    ],
    ['no option', {}, (data: Data) => data.userId, (userId: unknown) => ({ userId })],
  ])('finds the sessions of a user by %s', async (_name, options, read, write) => {
    const store = await tables.store(`found${Object.keys(options).length}${_name.length}`, options)
    const sessions = sessionsOf(store, read as never)
    expect(await sessions.list('ada')).toEqual([])
    await fill(store, {
      a: write('ada'),
      b: write('ada'),
      c: write("e've"),
      d: write(42),
      e: {},
      f: write(null),
    })
    expect(await sessions.list('ada')).toHaveLength(2)
    expect(await sessions.list("e've")).toHaveLength(1)
    expect(await sessions.list(42)).toHaveLength(1)
    expect(await sessions.list('null')).toEqual([])
    expect(await sessions.endAll('ada')).toBe(2)
    expect(await sessions.list('ada')).toEqual([])
  })

  it('reads more sessions than a page has without the option', async () => {
    const store = await tables.store('pages')
    const insert = `INSERT INTO ${tables.tableOf('pages')} (sid, sess, expire)
      SELECT 's' || n, json_build_object('userId', n % 500, 'cookie', json_build_object('originalMaxAge', 60000)),
      now() + interval '1 hour' FROM generate_series(1, 2500) AS n`
    await tables.query(insert)
    expect(await sessionsOf(conditional(store as never), userOf).list(7)).toHaveLength(5)
  })

  it('lists a session that is in use for longer than its first expiry, with the end that the table has', async () => {
    const store = await tables.store('touched', { user: 'userId' })
    const sessions = sessionsOf(store, userOf)
    await ask(store, 'set', 'a', session('a', { userId: 'ada' }, 1_000))
    await ask(store, 'touch', 'a', session('a', { userId: 'ada' }, 600_000))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 })
    try {
      const [listed] = await sessions.list('ada')
      expect(listed?.expires?.getTime()).toBeGreaterThan(Date.now() + 500_000)
      expect(await sessions.end('ada', listed?.handle as string)).toBe(true)
      expect(await ask(store, 'get', 'a')).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it('uses an index on the expression that the documentation names', async () => {
    await tables.store('indexed', { user: ['passport', 'user'] })
    await tables.query(`CREATE INDEX ON ${tables.tableOf('indexed')} ((sess -> 'passport' ->> 'user'))`)
    await tables.query('SET enable_seqscan = off')
    const plan = await tables.query(
      `EXPLAIN SELECT sid FROM ${tables.tableOf('indexed')} WHERE sess -> 'passport' ->> 'user' = 'ada'`,
    )
    await tables.query('RESET enable_seqscan')
    expect(JSON.stringify(plan)).toContain('Index')
  })

  it('rejects a path that differs from the function, instead of finding too little', async () => {
    const store = await tables.store('differs', { user: 'user' })
    await fill(store, { a: { userId: 'ada' } })
    await expect(sessionsOf(store, userOf).list('ada')).rejects.toThrow('differ for a stored session')
  })

  it('keeps ids out of the table below hashIds', async () => {
    const inner = await tables.store('hashed', { user: 'userId' })
    const store = hashIds(inner as StoreLike)
    const first = session('secret', { userId: 'ada' })
    expect(await ask<Outcome>(store, 'compareAndSet', 'secret', first, undefined)).toBe(true)
    expect(
      await ask<Outcome>(store, 'compareAndSet', 'secret', session('secret', { userId: 'ada', n: 2 }), first),
    ).toBe(true)
    const rows = await tables.query(`SELECT * FROM ${tables.tableOf('hashed')}`)
    expect(JSON.stringify(rows)).not.toContain('secret')
    const req = { sessionID: 'secret', sessionStore: store }
    const sessions = sessionsOf(store, userOf)
    expect(await sessions.list('ada', { req })).toMatchObject([{ isCurrent: true, data: { n: 2 } }])
    expect(await sessions.endAll('ada')).toBe(1)
  })

  it('rejects with the error of the database', async () => {
    const store = await tables.store('broken', {})
    await tables.query(`DROP TABLE ${tables.tableOf('broken')}`)
    await expect(ask(store, 'get', 'a')).rejects.toThrow('does not exist')
    await expect(sessionsOf(store, userOf).list('ada')).rejects.toThrow('does not exist')
  })

  async function load(store: AnyStore, sid: string, data: object): Promise<SessionData> {
    await ask(store, 'set', sid, session(sid, data))
    return ask(store, 'get', sid)
  }
})
