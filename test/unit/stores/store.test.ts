import { EventEmitter } from 'node:events'
import { inherits } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { Session } from '../../../src/session/session'
import { Store } from '../../../src/stores/store'
import { eventually } from '../../support/eventually'
import { record, recordFor } from '../../support/records'
import { createStore } from '../../support/store'

const fault = new Error('down')

describe('Store', () => {
  it('is an EventEmitter', () => {
    const store = createStore()
    const listener = vi.fn()
    expect(store).toBeInstanceOf(EventEmitter)
    store.on('disconnect', listener)
    store.emit('disconnect')
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('can be extended in ES5 style, with separate listeners for each instance', () => {
    const Child = function (this: object) {
      Reflect.apply(Store, this, [{ ttl: 5 }])
    } as unknown as new () => Store
    inherits(Child, Store)
    const [one, other] = [new Child(), new Child()]
    one.on('connect', () => {})
    expect([one.listenerCount('connect'), other.listenerCount('connect')]).toEqual([1, 0])
    expect(one).toBeInstanceOf(Store)
    expect(typeof one.regenerate).toBe('function')
  })

  it('has the methods of express-session on its prototype, for stores to override', () => {
    const names = Object.getOwnPropertyNames(Store.prototype).sort()
    expect(names).toEqual(['constructor', 'createSession', 'load', 'regenerate'])
  })
})

describe('load', () => {
  it('reads a session outside a request, which can be changed and saved', async () => {
    const store = createStore()
    store.put('a', recordFor(60_000, { user: 'ada' }))
    const session = (await load(store, 'a')) as Session
    expect(session).toBeInstanceOf(Session)
    expect(session).toMatchObject({ id: 'a', user: 'ada' })
    await Object.assign(session, { user: 'bob' }).save()
    expect(store.record('a').user).toBe('bob')
  })

  it.each([
    ['there is no record', () => {}],
    [
      'the record has expired',
      (store: ReturnType<typeof createStore>) => {
        Object.assign(store, { touch: undefined })
        store.put('a', recordFor(-1))
      },
    ],
  ])('answers without a session when %s', async (_what, prepare) => {
    const store = createStore()
    prepare(store)
    expect(await load(store, 'a')).toBeUndefined()
  })

  it("passes on the store's error", async () => {
    const store = createStore()
    store.fail('get', fault)
    await expect(load(store, 'a')).rejects.toBe(fault)
  })

  it('fails for a record without a cookie', async () => {
    const store = createStore()
    store.put('a', { user: 'ada' })
    await expect(load(store, 'a')).rejects.toThrow(/^Cannot read prop/)
  })
})

describe('regenerate', () => {
  it('destroys the session of the request, then creates a new one', async () => {
    const { store, req, done } = regenerating()
    store.regenerate(req as never, done)
    await eventually(() => expect(done).toHaveBeenCalledTimes(1))
    expect([store.calls, req.session]).toEqual([['destroy a'], 'new'])
    expect(done.mock.calls[0]?.[0] ?? undefined).toBeUndefined()
  })

  it("creates a new one also after the store's error, which it passes on", async () => {
    const { store, req, done } = regenerating()
    store.fail('destroy', fault)
    store.regenerate(req as never, done)
    await eventually(() => expect(done.mock.calls).toEqual([[fault]]))
    expect(req.session).toBe('new')
  })

  it('passes on the error of generate, once', async () => {
    const { store, req, done } = regenerating()
    store.generate = () => {
      throw fault
    }
    store.regenerate(req as never, done)
    await eventually(() => expect(done.mock.calls).toEqual([[fault]]))
  })
})

describe('createSession', () => {
  it('sets req.session to the session of a record', () => {
    const req = { sessionID: 'a' }
    const session = createStore().createSession(req as never, record({ user: 'ada' }) as never)
    expect(req).toMatchObject({ session: { user: 'ada' } })
    expect([session.id, session.cookie instanceof Cookie]).toEqual(['a', true])
  })
})

function regenerating() {
  const store = createStore()
  store.generate = (req) => Object.assign(req, { session: 'new' })
  const req: { sessionID: string; session?: unknown } = { sessionID: 'a' }
  return { store, req, done: vi.fn() }
}

function load(store: Store, sid: string) {
  return new Promise((resolve, reject) =>
    store.load(sid, (err, found) => (err ? reject(err) : resolve(found))),
  )
}
