import { describe, expect, it, onTestFinished } from 'vitest'
import { hashIds } from '../../../src'
import type { DiagnosticsOption } from '../../../src/diagnostics/reporter'
import { ReferenceStore } from '../../store-suite/reference-store'
import { type Layer, serve } from '../../support/app'
import { cookieOf } from '../../support/cookies'
import { ours } from '../../support/implementations'
import { SETTINGS } from '../../support/settings'
import { createStore } from '../../support/store'

type Answer = (err?: unknown, value?: unknown) => void

/** The methods that a subclass of a store may override. */
interface Callable {
  get(sid: string, done: Answer): void
  set(sid: string, session: { cookie: object }, done: Answer): void
  all(done: Answer): void
}

const merging = (store: object, diagnostics?: DiagnosticsOption) =>
  ours({ ...SETTINGS, store: store as never, saveMode: 'merge', diagnostics })
const change: Layer = (req, res) => {
  req.session.views = (req.session.views ?? 0) + 1
  res.end()
}
const read: Layer = (req, res) => void res.end(String(req.session.views))

describe("saveMode 'merge'", () => {
  it('calls no other method for a request that changes nothing', async () => {
    const store = createStore()
    const cookie = cookieOf(await serve(merging(store), change).get())
    store.calls.length = 0
    await serve(merging(store), read).get('/', cookie)
    expect(store.methods()).toEqual(['get', 'touch'])
  })

  it('reads the record of a plain store again before a write', async () => {
    const store = createStore()
    const app = serve(merging(store), change)
    const cookie = cookieOf(await app.get())
    await app.get('/', cookie)
    expect(store.methods()).toEqual(['set', 'get', 'get', 'set'])
  })

  it('writes once to a store with compareAndSet', async () => {
    const calls: string[] = []
    const store = new ReferenceStore()
    for (const name of ['get', 'set', 'touch', 'compareAndSet'] as const) {
      const method = store[name] as (...args: unknown[]) => void
      const called = (sid: unknown, ...args: unknown[]) => {
        calls.push(name)
        return method.call(store, sid, ...args)
      }
      Object.assign(store, { [name]: called })
    }
    const app = serve(merging(store), change)
    const cookie = cookieOf(await app.get())
    calls.length = 0
    await app.get('/', cookie)
    expect(calls).toEqual(['get', 'compareAndSet'])
  })

  it('warns once of a wrapper that copies records, and uses its store as a plain one', async () => {
    const right = new ReferenceStore()
    const copy = (record: unknown) => (typeof record === 'object' && record ? { ...record } : record)
    const calls: string[] = []
    const store = {
      get: (sid: string, done: (err: unknown, record: unknown) => void) =>
        right.get(sid, (err, record) => done(err, copy(record))),
      set(sid: string, session: never, done: () => void) {
        calls.push('set')
        right.set(sid, session, done)
      },
      destroy: (sid: string, done: () => void) => right.destroy(sid, done),
      async compareAndSet(sid: string, session: never, loaded: never) {
        calls.push('compareAndSet')
        return copy(right.compare(sid, session, loaded))
      },
    }
    const codes: string[] = []
    const app = serve(
      merging(store, ({ code }) => codes.push(code)),
      change,
    )
    const cookie = cookieOf(await app.get())
    await app.get('/', cookie)
    await app.get('/', cookie)
    expect((await serve(merging(store), read).get('/', cookie)).text).toBe('3')
    expect(calls).toEqual(['compareAndSet', 'compareAndSet', 'compareAndSet', 'set', 'set'])
    expect(codes).toContain('SESSIONWARE_COPIED_RECORDS')
  })

  describe.each<[string, new () => Callable]>([
    ['MemoryStore', ours.MemoryStore as never],
    ['a store with compareAndSet', ReferenceStore as never],
  ])('with %s', (_what, Base) => {
    /** Stores the data as one text, as a store that encrypts it does. */
    class PackingStore extends Base {
      override get(sid: string, done: Answer) {
        super.get(sid, (err, found) => {
          const { cookie, packed } = (found ?? {}) as { cookie?: object; packed?: string }
          done(err, packed && { cookie, ...JSON.parse(packed) })
        })
      }
      override set(sid: string, { cookie, ...data }: { cookie: object }, done: Answer) {
        super.set(sid, { cookie, packed: JSON.stringify(data) } as never, done)
      }
    }

    it.each<[string, (store: Callable) => object]>([
      ['', (store) => store],
      [', inside of hashIds', (store) => hashIds(store as never)],
    ])('writes by the set of a subclass that has no compareAndSet of its own%s', async (_where, wrap) => {
      const store = new PackingStore()
      const app = serve(merging(wrap(store)), change)
      const cookie = cookieOf(await app.get())
      await app.get('/', cookie)
      expect((await serve(merging(wrap(store)), read).get('/', cookie)).text).toBe('2')
      const records = await new Promise((resolve) => store.all((_err, all) => resolve(all)))
      expect(Object.values(records as object)).toMatchObject([{ packed: '{"views":2}' }])
      expect(Object.keys(Object.values(records as object)[0]).sort()).toEqual(['cookie', 'packed'])
    })

    it('writes by a set that was put into one store', async () => {
      const store = new Base()
      const calls: unknown[] = []
      const { set } = store
      store.set = function (sid, session, done) {
        calls.push({ ...session, cookie: undefined })
        return set.call(this, sid, session, done)
      }
      const app = serve(merging(store), change)
      await app.get('/', cookieOf(await app.get()))
      expect(calls).toEqual([{ views: 1 }, { views: 2 }])
    })
  })

  it('writes by a set that was put into the class', async () => {
    const { prototype } = ours.MemoryStore
    const { set } = prototype
    onTestFinished(() => void Object.assign(prototype, { set }))
    const calls: string[] = []
    Object.assign(prototype, {
      set(...args: Parameters<typeof set>) {
        calls.push('set')
        return set.apply(this as never, args)
      },
    })
    await serve(merging(new ours.MemoryStore()), change).get()
    expect(calls).toEqual(['set'])
  })

  it('reports the error of a store, and saves at the next request', async () => {
    const store = createStore()
    const app = serve(merging(store), change)
    const cookie = cookieOf(await app.get())
    store.fail('set', new Error('disk full'))
    await app.get('/', cookie)
    expect(app.errors.map(({ message }) => message)).toEqual(['disk full'])
  })
})
