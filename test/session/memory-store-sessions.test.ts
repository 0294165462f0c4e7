import { EventEmitter } from 'node:events'
import { inherits } from 'node:util'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { serve } from '../support/app'
import { cookieOf, sidOf } from '../support/cookies'
import { countViews } from '../support/handlers'
import { compare, ours, type SessionModule } from '../support/implementations'
import { libraries } from '../support/libraries'
import { outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'

type MemoryStore = InstanceType<SessionModule['MemoryStore']>
type Change = (store: MemoryStore, sid: string, json: string) => void

/** Changes that applications make to `sessions`, as when it was a plain object; each keeps one session or none. */
const changes: Array<[what: string, change: Change, views: string]> = [
  ['deletes the session', (store, sid) => delete store.sessions[sid], '1'],
  [
    'deletes every session',
    (store) => Object.keys(store.sessions).forEach((key) => void delete store.sessions[key]),
    '1',
  ],
  ['replaces all sessions by none', (store) => void Object.assign(store, { sessions: {} }), '1'],
  [
    'replaces all sessions by another',
    (store, sid, json) => Object.assign(store, { sessions: { [sid]: json } }),
    '5',
  ],
  ['assigns a session', (store, sid, json) => Object.assign(store.sessions, { [sid]: json }), '5'],
  ['does nothing', () => {}, '2'],
]

describe.each(libraries)('store.sessions of a MemoryStore with $library', ({ session }) => {
  it.each(changes)('affects the next request when the application %s', async (_what, change, views) => {
    const { store, app, cookie, sid } = await visited(session)
    change(store, sid, JSON.stringify(record({ views: 4 })))
    expect((await app.get('/', cookie)).text).toBe(views)
  })

  it('can be listed, searched by id and read', async () => {
    const { store, sid } = await visited(session)
    expect([Object.keys(store.sessions), sid in store.sessions, 'other' in store.sessions]).toEqual([
      [sid],
      true,
      false,
    ])
    expect(JSON.parse(store.sessions[sid] as string)).toEqual(record({ views: 1 }))
    expect(store.sessions.other).toBeUndefined()
  })
})

describe.each(libraries)('an id that is not a string, with $library', ({ session }) => {
  it.each([undefined, null, 5])('finds no session and causes no error in a MemoryStore: %s', async (sid) => {
    const store = new session.MemoryStore()
    const id = sid as never
    const answers = await Promise.all([
      answerOf((done) => store.get(id, done)),
      answerOf((done) => store.touch(id, record() as never, done)),
      answerOf((done) => store.destroy(id, done)),
    ])
    expect(answers.map(([err, found]) => [err ?? null, found ?? null])).toEqual(Array(3).fill([null, null]))
  })
})

describe('a subclass of MemoryStore in ES5 style', () => {
  const es5 = (session: SessionModule, construct = (_self: object) => {}) => {
    function Child(this: object) {
      construct(this)
    }
    inherits(Child, session.MemoryStore)
    return new (Child as unknown as new () => MemoryStore)()
  }

  it.each(libraries)('works with $library', async ({ session }) => {
    const store = es5(session, (self) => Reflect.apply(session.MemoryStore, self, []))
    const { app, cookie } = await visited(session, store)
    expect((await app.get('/', cookie)).text).toBe('2')
  })

  it('works without calling the constructor, and shares no sessions between instances', async () => {
    const [one, other] = [await visited(ours, es5(ours)), await visited(ours, es5(ours))]
    expect((await one.app.get('/', one.cookie)).text).toBe('2')
    expect((await other.app.get('/', one.cookie)).text).toBe('1')
  })

  it('must call the constructor with express-session', async () => {
    const answers = await compare((session) => {
      const app = serve(session({ ...SETTINGS, store: es5(session) }), countViews)
      return outcome(session, app.get())
    })
    expect(answers).toEqual({ ours: '200 1', upstream: 'no response' })
  })
})

describe('a MemoryStore', () => {
  it('has no public properties except its documented ones', () => {
    const store = new ours.MemoryStore({ max: 5 })
    store.set('a', record() as never)
    expect(Object.keys(store)).toEqual(Object.keys(new EventEmitter()))
    expect(JSON.stringify(store)).toBe(JSON.stringify(new EventEmitter()))
    expectTypeOf<Exclude<keyof MemoryStore, keyof SessionModule['Store']['prototype']>>().toEqualTypeOf<
      'sessions' | 'close'
    >()
  })
})

async function visited(session: SessionModule, store = new session.MemoryStore()) {
  const app = serve(session({ ...SETTINGS, store }), countViews)
  const res = await app.get()
  return { store, app, cookie: cookieOf(res), sid: sidOf(res) as string }
}

function answerOf(ask: (done: (...answer: unknown[]) => void) => void) {
  return new Promise<unknown[]>((resolve) => ask((...answer) => resolve(answer)))
}
