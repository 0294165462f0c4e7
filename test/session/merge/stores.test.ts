import { describe, expect, it } from 'vitest'
import type { DiagnosticsOption } from '../../../src/diagnostics/reporter'
import { ReferenceStore } from '../../store-suite/reference-store'
import { type Layer, serve } from '../../support/app'
import { cookieOf } from '../../support/cookies'
import { ours } from '../../support/implementations'
import { SETTINGS } from '../../support/settings'
import { createStore } from '../../support/store'

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
    const store = new Proxy(new ReferenceStore(), {
      get(target, name, receiver) {
        if (typeof name === 'string' && /^(get|set|touch|compareAndSet)$/.test(name)) calls.push(name)
        return Reflect.get(target, name, receiver)
      },
    })
    const app = serve(merging(store), change)
    const cookie = cookieOf(await app.get())
    calls.length = 0
    await app.get('/', cookie)
    expect([...new Set(calls)]).toEqual(['get', 'compareAndSet'])
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

  it('reports the error of a store, and saves at the next request', async () => {
    const store = createStore()
    const app = serve(merging(store), change)
    const cookie = cookieOf(await app.get())
    store.fail('set', new Error('disk full'))
    await app.get('/', cookie)
    expect(app.errors.map(({ message }) => message)).toEqual(['disk full'])
  })
})
