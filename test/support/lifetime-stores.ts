import { MemoryStore } from '../../src'
import { createStore } from './store'

type Answer = (err?: unknown, record?: unknown) => void
type Stored = { cookie: { expires: Date | null; maxAge?: number } }

/** The stores of the tests for timeouts, by what their `touch` does. The clock of all of them is `Date`. */
export const lifetimeStores = [
  { name: 'MemoryStore', touches: 'record', create: () => withRecord(new MemoryStore()) },
  { name: 'a MemoryStore with wrapped methods', touches: 'record', create: () => withRecord(wrapped()) },
  { name: 'a store whose touch rewrites the record', touches: 'record', create: createStore },
  { name: 'a store whose touch moves an expiry of its own', touches: 'expiry', create: createExpiringStore },
  { name: 'a store that keeps objects', touches: 'record', create: createObjectStore },
  { name: 'a store without touch', touches: 'nothing', create: () => withoutTouch() },
] as const

export type LifetimeStore = ReturnType<(typeof lifetimeStores)[number]['create']>

/** Creates a store like connect-redis: it keeps JSON with an expiry, which alone is moved by `touch`. */
export function createExpiringStore() {
  const store = createStore()
  const ends = new Map<string, number>()
  const { get, set, destroy } = store
  const move = (sid: string, { cookie }: Stored) => {
    ends.set(sid, cookie.expires ? Number(new Date(cookie.expires)) : Date.now() + 86_400_000)
  }
  return Object.assign(store, {
    /** When the store drops the record, in milliseconds since the epoch. */
    ends,
    get(sid: string, done: Answer) {
      if ((ends.get(sid) ?? Number.POSITIVE_INFINITY) <= Date.now()) store.records.delete(sid)
      get.call(store, sid, done)
    },
    set(sid: string, session: object, done: Answer) {
      move(sid, session as Stored)
      set.call(store, sid, session, done)
    },
    touch(sid: string, session: object, done: Answer) {
      store.calls.push(`touch ${sid}`)
      move(sid, session as Stored)
      setImmediate(done)
    },
    destroy(sid: string, done: Answer) {
      ends.delete(sid)
      destroy.call(store, sid, done)
    },
  })
}

/** Creates a store that keeps the session's keys and the very cookie that it has received, not JSON. */
function createObjectStore() {
  const store = createStore()
  const cookies = new Map<string, unknown>()
  const { get, set, touch } = store
  return Object.assign(store, {
    get(sid: string, done: Answer) {
      get.call(store, sid, (err, record) => {
        const cookie = cookies.get(sid)
        done(err, record && cookie ? { ...record, cookie } : record)
      })
    },
    set(sid: string, session: Stored, done: Answer) {
      cookies.set(sid, session.cookie)
      set.call(store, sid, session, done)
    },
    touch(sid: string, session: Stored, done: Answer) {
      cookies.set(sid, session.cookie)
      touch.call(store, sid, session, done)
    },
    put(sid: string, record: object) {
      cookies.delete(sid)
      return store.records.set(sid, JSON.stringify(record))
    },
  })
}

/** Returns a MemoryStore that a tracer has wrapped: its methods have no synchronous form. */
function wrapped() {
  const store = new MemoryStore()
  for (const name of ['get', 'set', 'touch', 'destroy'] as const) {
    const method = store[name] as (...args: unknown[]) => void
    Object.assign(store, { [name]: (...args: unknown[]) => method.apply(store, args) })
  }
  return store
}

function withoutTouch() {
  return Object.assign(createStore(), { touch: undefined })
}

function withRecord(store: MemoryStore) {
  return Object.assign(store, {
    /** The stored record, parsed. */
    record: (sid: string | undefined) => JSON.parse(sessionsOf(store)[sid ?? ''] ?? 'null') ?? undefined,
    put(sid: string, record: object) {
      sessionsOf(store)[sid] = JSON.stringify(record)
    },
  })
}

function sessionsOf(store: object) {
  return (store as { sessions: Record<string, string> }).sessions
}
