import { describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { OWNER } from '../../../src/session/attach'
import {
  assignData,
  createByStore,
  createSession,
  Session,
  type SessionHost,
} from '../../../src/session/session'
import { guardedStore } from '../../../src/store-guard/guarded-store'
import { Store } from '../../../src/stores/store'
import { freezeClock } from '../../support/clock'
import { upstream } from '../../support/implementations'
import { crashesOf } from '../../support/outcome'
import { record, recordFor } from '../../support/records'
import { loaded } from '../../support/request-session'
import { createStore, type TestStore } from '../../support/store'

const METHODS = ['destroy', 'regenerate', 'reload', 'resetMaxAge', 'save', 'touch'] as const
const fault = new Error('down')

freezeClock(Date.UTC(2030, 0, 1))

describe('Session', () => {
  it('has only the methods of express-session, since each method hides a stored key', () => {
    const names = Object.getOwnPropertyNames(Session.prototype).filter((name) => name !== 'constructor')
    expect(names.sort()).toEqual([...METHODS])
  })

  it('has the data, and an id and a request that JSON omits', () => {
    const req = { sessionID: 'a' }
    const session = new Session(req, { user: 'ada' })
    expect([session.id, session.req]).toEqual(['a', req])
    expect(session.req).toBe(req)
    expect(JSON.stringify(session)).toBe('{"user":"ada"}')
    expect({ ...session }).toEqual({ user: 'ada' })
  })

  it.each([undefined, null, 'text', 5])('treats %j as no data', (data) => {
    expect(Object.keys(new Session({}, data as never))).toEqual([])
  })

  it('keeps its id when the request gets another', () => {
    const req: SessionHost = { sessionID: 'a' }
    const session = new Session(req)
    req.sessionID = 'b'
    expect(session.id).toBe('a')
    expect(() => Object.assign(session, { id: 'b' })).toThrow(TypeError)
  })

  it('restarts its lifetime on touch', () => {
    const { session } = stored()
    for (const start of [() => session.touch(), () => session.resetMaxAge()]) {
      session.cookie.maxAge = 1000
      vi.setSystemTime(Date.now() + 600)
      expect(session.cookie.maxAge).toBe(400)
      expect(start()).toBe(session)
      expect(session.cookie).toMatchObject({ maxAge: 1000, originalMaxAge: 1000 })
    }
  })
})

describe('assignData', () => {
  it.each([...METHODS, 'id', 'req', '__proto__'])('drops a key named %s and returns that it did', (key) => {
    const session = new Session({ sessionID: 'a' })
    expect(assignData(session, JSON.parse(`{"user":"ada","${key}":{"isAdmin":true}}`))).toBe(false)
    expect(Object.keys(session)).toEqual(['user'])
    expect([session.id, 'isAdmin' in session]).toEqual(['a', false])
  })

  it.each(['constructor', 'toString', 'hasOwnProperty', 'flash', 'then'])('keeps a key named %s', (key) => {
    const session = new Session({})
    expect(assignData(session, { [key]: 'value' })).toBe(true)
    expect(Reflect.get(session, key)).toBe('value')
  })
})

describe('createSession', () => {
  it('sets req.session to the session of a record, with a Cookie object', () => {
    const req: SessionHost = { sessionID: 'a' }
    const session = createSession(req, recordFor(1000, { user: 'ada' }) as never)
    expect(req.session).toBe(session)
    expect(session).toMatchObject({ id: 'a', user: 'ada' })
    expect(session.cookie).toBeInstanceOf(Cookie)
  })

  it('does not change the request when the record has no cookie', () => {
    const req: SessionHost = { session: 'before' }
    expect(() => createSession(req, { user: 'ada' } as never)).toThrow(/^Cannot read prop/)
    expect(req.session).toBe('before')
  })
})

describe('createByStore', () => {
  it('calls the createSession of the store and uses its changes', () => {
    const store = createStore()
    store.createSession = (req, stored) =>
      createSession(req as never, { ...stored, seen: true } as never) as never
    expect(createByStore({ sessionStore: store }, record() as never)).toMatchObject({ seen: true })
  })

  it("replaces the session that another implementation's store creates", () => {
    const store = createStore(upstream)
    const session = createByStore(
      { sessionID: 'a', sessionStore: store },
      recordFor(1000, { user: 'ada' }) as never,
    )
    expect(session).toBeInstanceOf(Session)
    expect(session).toMatchObject({ id: 'a', user: 'ada', cookie: { originalMaxAge: 1000 } })
  })

  it('works with a store without createSession', () => {
    const store = { get() {}, set() {}, destroy() {} }
    expect(createByStore({ sessionStore: store }, record({ user: 'ada' }) as never)).toMatchObject({
      user: 'ada',
    })
  })
})

describe.each(['save', 'reload', 'destroy', 'regenerate'] as const)('%s', (name) => {
  it('calls its callback and returns the session', async () => {
    const { session } = stored()
    const error = await new Promise((resolve) => {
      expect(session[name](resolve)).toBe(session)
    })
    expect(error ?? undefined).toBeUndefined()
  })

  it('returns a promise when it gets no callback', async () => {
    await expect(stored().session[name]()).resolves.toBeUndefined()
  })

  it("passes on the store's error, and an unhandled rejection does not end the process", async () => {
    const failing = () => {
      const { store, session } = stored()
      store.fail(name === 'save' ? 'set' : name === 'reload' ? 'get' : 'destroy', fault)
      return session
    }
    expect(await new Promise((resolve) => failing()[name](resolve))).toBe(fault)
    await expect(failing()[name]()).rejects.toBe(fault)
    const crashes = await crashesOf(async () => {
      void failing()[name]()
      await new Promise((resolve) => setImmediate(setImmediate, resolve))
    })
    expect(crashes).toEqual([])
  })
})

describe('save', () => {
  it('writes the session under its id', async () => {
    const { store, session } = stored()
    Object.assign(session, { user: 'bob' })
    await session.save()
    expect([store.calls, store.record('a').user]).toEqual([['set a'], 'bob'])
  })

  it('fails for data that cannot be serialized', async () => {
    const { session } = stored()
    await expect(Object.assign(session, { big: 1n }).save()).rejects.toBeInstanceOf(TypeError)
  })
})

describe('reload', () => {
  it('loads a new session and tells the state of the request', async () => {
    const { store, session, req } = stored()
    const noteReload = vi.fn()
    req[OWNER] = { store: guardedStore(store), noteReload, settings: {} } as never
    store.put('a', record({ user: 'changed elsewhere' }))
    await session.reload()
    expect(req.session).not.toBe(session)
    expect(req.session).toMatchObject({ id: 'a', user: 'changed elsewhere' })
    expect(noteReload).toHaveBeenCalledTimes(1)
  })

  it('fails when the record is missing, and keeps the session', async () => {
    const { store, session, req } = stored()
    store.records.clear()
    await expect(session.reload()).rejects.toThrow('failed to load session')
    expect(req.session).toBe(session)
  })

  it('fails for a record without a cookie, and keeps the session', async () => {
    const { store, session, req } = stored()
    store.put('a', { user: 'ada' })
    await expect(session.reload()).rejects.toBeInstanceOf(TypeError)
    expect(req.session).toBe(session)
  })
})

describe('destroy', () => {
  it('removes the session from the request at once, then from the store', async () => {
    const { store, session, req } = stored()
    const destroyed = session.destroy()
    expect('session' in req).toBe(false)
    await destroyed
    expect([store.calls, store.records.size]).toEqual([['destroy a'], 0])
  })

  it('prevents a later save of the session', async () => {
    const { store, session } = stored()
    await session.destroy()
    await session.save()
    expect(store.records.size).toBe(0)
  })
})

describe('regenerate', () => {
  it('creates a new session for the request that owns it, not through the regenerate of the Store class', async () => {
    const { store, req } = loaded()
    const regenerate = vi.spyOn(Store.prototype, 'regenerate')
    await (req.session as Session).regenerate()
    expect([regenerate.mock.calls.length, store.calls, req.sessionID === 'a']).toEqual([
      0,
      ['destroy a'],
      false,
    ])
    regenerate.mockRestore()
  })

  it('calls the regenerate of the store if no request owns the session', async () => {
    const { store, session, req } = stored()
    await session.regenerate()
    expect([store.calls, req.session]).toEqual([['destroy a'], 'generated'])
  })
})

/** Returns the session of a stored record, on a request without a session owner. */
function stored(): { store: TestStore; req: SessionHost; session: Session } {
  const store = createStore()
  store.put('a', record({ user: 'ada' }))
  store.generate = (req) => Object.assign(req, { session: 'generated' })
  const req: SessionHost = { sessionID: 'a', sessionStore: store }
  return { store, req, session: createSession(req, store.record('a')) }
}
