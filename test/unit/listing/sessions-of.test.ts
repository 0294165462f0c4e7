import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { hashIds, MemoryStore, sessionsOf } from '../../../src'
import { liveSession } from '../../../src/store-suite/live-session'
import type { SessionData, UserOf } from '../../../src/types'

const userOf: UserOf = (session) => (session as { userId?: string | number }).userId
const userIs = (userId: unknown, more: object = {}) => ({ userId, ...more })

/** Puts sessions by id. */
function fill(store: { set(sid: string, session: SessionData): unknown }, sessions: Record<string, object>) {
  for (const [sid, data] of Object.entries(sessions))
    store.set(sid, liveSession(sid, data, { maxAge: 60_000 }))
}

/** Stores of each kind that can be listed. */
const kinds: [name: string, create: () => MemoryStore][] = [
  ['a MemoryStore', () => new MemoryStore()],
  ['hashIds around a MemoryStore', () => hashIds(new MemoryStore()) as never],
  ['a store whose all() gives an object', () => withoutIndex(new MemoryStore())],
  ['hashIds around such a store', () => hashIds(withoutIndex(new MemoryStore())) as never],
  ['a store whose all() gives an array with ids', () => withArray(new MemoryStore())],
]

function withoutIndex(store: MemoryStore): MemoryStore {
  return Object.assign(store, { findByUser: undefined, index: undefined })
}

function withArray(store: MemoryStore): MemoryStore {
  const all = (done: (err: unknown, value: unknown) => void) =>
    MemoryStore.prototype.all.call(store, (err, sessions) =>
      done(
        err,
        Object.entries(sessions ?? {}).map(([id, session]) => ({ ...session, id })),
      ),
    )
  return Object.assign(withoutIndex(store), { all })
}

describe.each(kinds)('sessionsOf on %s', (_name, create) => {
  it('lists the sessions of a user, and only those', async () => {
    const store = create()
    const sessions = sessionsOf(store, userOf)
    expect(await sessions.list('ada')).toEqual([])
    fill(store, { a: userIs('ada', { n: 1 }), b: userIs('ada', { n: 2 }), c: userIs('eve'), d: {} })
    const list = await sessions.list('ada')
    expect(list.map(({ data }) => (data as { n?: number }).n).sort()).toEqual([1, 2])
    expect(list[0]).toEqual({
      handle: expect.stringMatching(/^[\w-]{22}$/),
      created: undefined,
      expires: expect.any(Date),
      isCurrent: false,
      data: expect.objectContaining({ userId: 'ada' }),
    })
    expect(Object.keys(list[0]?.data ?? {})).toEqual(['userId', 'n'])
    expect(JSON.stringify(list)).not.toMatch(/"[abcd]"|sha256-/)
    expect(await sessions.list('nobody')).toEqual([])
  })

  it('ends one session of a user', async () => {
    const store = create()
    const sessions = sessionsOf(store, userOf)
    fill(store, { a: userIs('ada', { n: 1 }), b: userIs('ada', { n: 2 }), c: userIs('eve') })
    const [first, second] = await sessions.list('ada')
    const [eves] = await sessions.list('eve')
    expect(await sessions.end('ada', 'unknown')).toBe(false)
    expect(await sessions.end('ada', undefined as never)).toBe(false)
    expect(await sessions.end('ada', eves?.handle as string)).toBe(false)
    expect(await sessions.end('ada', first?.handle as string)).toBe(true)
    expect(await sessions.end('ada', first?.handle as string)).toBe(false)
    expect((await sessions.list('ada')).map(({ handle }) => handle)).toEqual([second?.handle])
    expect(await sessions.list('eve')).toHaveLength(1)
  })

  it('ends all sessions of a user, or all but that of a request', async () => {
    const store = create()
    const sessions = sessionsOf(store, userOf)
    fill(store, { a: userIs('ada'), b: userIs('ada'), c: userIs('ada'), d: userIs('eve') })
    const req = { sessionID: 'b', sessionStore: store }
    expect((await sessions.list('ada', { req })).map(({ isCurrent }) => isCurrent)).toEqual([
      true,
      false,
      false,
    ])
    expect(await sessions.endAll('ada', { except: req })).toBe(2)
    expect(await sessions.list('ada', { req })).toMatchObject([{ isCurrent: true }])
    expect(await sessions.endAll('ada')).toBe(1)
    expect(await sessions.endAll('ada')).toBe(0)
    expect(await sessions.list('eve')).toHaveLength(1)
  })

  it('takes users that are numbers or texts, and compares them as text', async () => {
    const store = create()
    const sessions = sessionsOf(store, userOf)
    fill(store, {
      a: userIs(42),
      b: userIs('42'),
      c: userIs(4),
      d: userIs(0),
      e: userIs(null),
      f: userIs(''),
    })
    expect(await sessions.list(42)).toHaveLength(2)
    expect(await sessions.list('42')).toHaveLength(2)
    expect(await sessions.list(0)).toHaveLength(1)
  })

  it('lists a session that was changed, touched or given to another user', async () => {
    const store = create()
    const sessions = sessionsOf(store, userOf)
    fill(store, { a: userIs('ada'), b: userIs('ada') })
    expect(await sessions.list('ada')).toHaveLength(2)
    fill(store, { a: userIs('eve'), b: userIs('ada', { n: 2 }) })
    store.touch('b', liveSession('b', {}, { maxAge: 120_000 }))
    const [left] = await sessions.list('ada')
    expect(left?.data).toEqual({ userId: 'ada', n: 2 })
    expect(left?.expires?.getTime()).toBeGreaterThan(Date.now() + 100_000)
    expect(await sessions.list('eve')).toHaveLength(1)
    fill(store, { a: {} })
    expect(await sessions.list('eve')).toEqual([])
  })

  it('does not list expired sessions', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const store = create()
      const sessions = sessionsOf(store, userOf)
      fill(store, { a: userIs('ada') })
      expect(await sessions.list('ada')).toHaveLength(1)
      vi.setSystemTime(Date.now() + 60_001)
      expect(await sessions.list('ada')).toEqual([])
      expect(await sessions.endAll('ada')).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('counts a session for which the function throws as one without a user', async () => {
    const store = create()
    const sessions = sessionsOf(store, (session) => (session as never as { user: { id: string } }).user.id)
    fill(store, { a: {}, b: { user: { id: 'ada' } }, c: { user: null } })
    expect(await sessions.list('ada')).toHaveLength(1)
    expect(await sessions.endAll('ada')).toBe(1)
  })
})

describe('sessionsOf', () => {
  it('tells the store of the function once', () => {
    const store = Object.assign(new MemoryStore(), { index: vi.fn() })
    sessionsOf(store, userOf)
    sessionsOf(store, userOf)
    // The same function, written where it is used.
    const read = () => sessionsOf(store, (session) => session.cookie as never)
    expect(read).toThrow('with another function')
    expect(store.index).toHaveBeenCalledTimes(1)
    const other = new MemoryStore()
    for (const _ of [1, 2]) sessionsOf(other, (session) => (session as { userId?: string }).userId)
  })

  it('rejects a function that returns an object or a promise', async () => {
    for (const wrong of [(s: object) => s, async () => 'ada', () => () => 'ada']) {
      const store = new MemoryStore()
      const sessions = sessionsOf(store, wrong as never)
      fill(store, { a: userIs('ada') })
      await expect(sessions.list('ada')).rejects.toThrow('as a number or a text')
    }
    class ObjectId {
      toString() {
        return 'ada'
      }
    }
    const store = new MemoryStore()
    fill(store, { a: {} })
    expect(await sessionsOf(store, () => new ObjectId() as never).list('ada')).toHaveLength(1)
  })

  it('throws a TypeError that names the remedy for wrong arguments', async () => {
    const store = new MemoryStore()
    expect(() => sessionsOf(undefined as never, userOf)).toThrow('needs the store of the sessions')
    expect(() => sessionsOf(store, 'userId' as never)).toThrow('(session) => session.userId')
    const { get, set, destroy } = store
    expect(() => sessionsOf({ get, set, destroy } as never, userOf)).toThrow('conditional()')
    const sessions = sessionsOf(store, userOf)
    for (const user of [undefined, null, '', Number.NaN, {}]) {
      await expect(sessions.list(user as never)).rejects.toThrow('user must be a number or a text')
      await expect(sessions.endAll(user as never)).rejects.toThrow(TypeError)
      await expect(sessions.end(user as never, 'x')).rejects.toThrow(TypeError)
    }
    await expect(sessions.endAll('ada', { except: 'id' as never })).rejects.toThrow(
      'except must be a request',
    )
    await expect(sessions.endAll('ada', { except: {} })).rejects.toThrow(TypeError)
    await expect(sessions.list('ada', { req: null as never })).rejects.toThrow('req must be a request')
    const req = Object.assign(new IncomingMessage(new Socket()), { headers: { cookie: 'id=secret' } })
    await expect(sessions.list('ada', { req })).rejects.toThrow(/handled, not \[IncomingMessage\]$/)
  })

  it('rejects for a store whose all() gives records without ids, and names it', async () => {
    class Ids extends MemoryStore {
      override all(done: (err: unknown, value?: never) => void) {
        super.all((err, sessions) => done(err, Object.values(sessions ?? {}) as never))
      }
    }
    const store = withoutIndex(new Ids())
    const sessions = sessionsOf(store, userOf)
    expect(await sessions.list('ada')).toEqual([])
    fill(store, { a: userIs('eve') })
    await expect(sessions.list('ada')).rejects.toThrow(/cannot use Ids.*without an id/)
  })

  it('rejects with the error of the store', async () => {
    const store = new MemoryStore()
    const sessions = sessionsOf(store, userOf)
    fill(store, { a: userIs('ada'), b: userIs('ada') })
    store.destroy = (sid, done) =>
      sid === 'a' ? done?.(new Error('down')) : MemoryStore.prototype.destroy.call(store, sid, done)
    await expect(sessions.endAll('ada')).rejects.toThrow('down')
    expect(Object.keys(store.sessions)).toEqual(['a'])
    store.findByUser = (_user, done) => done(new Error('away'))
    await expect(sessions.list('ada')).rejects.toThrow('away')
  })

  it('keeps nothing of 10,000 sessions that have expired or were replaced', async () => {
    vi.useFakeTimers()
    try {
      const store = new MemoryStore({ checkPeriod: 1000 })
      const sessions = sessionsOf(store, userOf)
      for (let i = 0; i < 10_000; i++) {
        fill(store, { [`s${i}`]: userIs(`user${i % 100}`) })
        if (i % 1000 === 0) await Promise.all([sessions.list('user1'), vi.advanceTimersByTimeAsync(1)])
      }
      const listed = sessions.list('user1')
      await vi.advanceTimersByTimeAsync(1)
      expect(await listed).toHaveLength(100)
      await vi.advanceTimersByTimeAsync(120_000)
      expect(Object.keys(store.sessions)).toEqual([])
      const [holder] = Object.getOwnPropertySymbols(store).filter((each) => String(each).includes('records'))
      const { users } = Reflect.get(store, holder as symbol) as { users: { size: number } }
      expect(users.size).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
