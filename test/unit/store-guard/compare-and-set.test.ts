import { describe, expect, it, vi } from 'vitest'
import type { Limits } from '../../../src/policy/lifetime'
import { type GuardedStore, guardedStore } from '../../../src/store-guard/guarded-store'
import { compareAndSetSync, touchSync } from '../../../src/store-guard/sync-calls'
import { MemoryStore } from '../../../src/stores/memory/memory-store'
import type { OutcomeDone, StoreLike } from '../../../src/types'
import { createGate } from '../../support/gate'
import { record, recordFor } from '../../support/records'

type Done = (err?: unknown, outcome?: unknown) => void

const session = record({ user: 'ada' }) as never
const loaded = record({ user: 'eve' }) as never
const fault = new Error('down')

describe('compareAndSet of a guarded store', () => {
  it.each<[string, unknown]>([
    ['true', true],
    ['false', false],
    ['the record', loaded],
  ])('answers %s by a callback, a promise or a return value', async (_what, outcome) => {
    const methods = [
      (_sid: string, _session: object, _loaded: object, done: Done) => done(null, outcome),
      (_sid: string, _session: object, _loaded: object, done: Done) => void setImmediate(done, null, outcome),
      async (_sid: string, _session: object, _loaded: object) => outcome,
      (_sid: string, _session: object, _loaded: object) => outcome,
    ]
    for (const method of methods) expect(await outcomeOf(guardedWith(method))).toBe(outcome)
  })

  it('passes the id, the session and the very object that was loaded', async () => {
    const method = vi.fn(async (_sid: string, _session: object, _loaded: object) => true)
    const guarded = guardedWith((sid: string, session: object, loaded: object) =>
      method(sid, session, loaded),
    )
    await outcomeOf(guarded)
    const [sid, passed, compared] = method.mock.calls[0] ?? []
    expect(sid).toBe('a')
    expect(passed).toBe(session)
    expect(compared).toBe(loaded)
  })

  it.each([undefined, null, 'written', 1])('takes the outcome %s for an error', async (outcome) => {
    const guarded = guardedWith((_sid: string, _session: object, _loaded: object, done: Done) =>
      done(null, outcome),
    )
    await expect(outcomeOf(guarded)).rejects.toThrow('compareAndSet answered with nothing')
  })

  it('passes on the error of the store', async () => {
    const failing = [
      (_sid: string, _session: object, _loaded: object, done: Done) => done(fault),
      async (_sid: string, _session: object, _loaded: object) => Promise.reject(fault),
      () => {
        throw fault
      },
    ]
    for (const method of failing) await expect(outcomeOf(guardedWith(method))).rejects.toBe(fault)
  })

  it('takes an expired record for none', async () => {
    const guarded = guardedWith(async (_sid: string, _session: object, _loaded: object) => recordFor(-1))
    expect(await outcomeOf(guarded)).toBe(false)
  })

  it('destroys a record whose absolute timeout is over, if it is asked with the timeouts', async () => {
    const calls: string[] = []
    const ended = { ...record(), cookie: { ...record().cookie, startedAt: Date.now() - 1000 } }
    const guarded = guardedStore({
      async compareAndSet(_sid: string, _session: object, _loaded: object) {
        return ended
      },
      async destroy(sid: string) {
        calls.push(sid)
      },
    } as never)
    const ask = (limits?: Limits) =>
      new Promise((resolve, reject) => {
        const done: OutcomeDone = (err, outcome) => (err ? reject(err) : resolve(outcome))
        guarded.compareAndSet('a', session, loaded, done, undefined, limits)
      })
    expect([await ask(), calls]).toEqual([ended, []])
    expect([await ask({ idle: undefined, absolute: 2000 }), calls]).toEqual([ended, []])
    expect([await ask({ idle: undefined, absolute: 1000 }), calls]).toEqual([false, ['a']])
  })

  it('passes on what a getter of the record throws', async () => {
    const odd = {
      get cookie() {
        throw fault
      },
    }
    const guarded = guardedWith(async (_sid: string, _session: object, _loaded: object) => odd)
    await expect(outcomeOf(guarded)).rejects.toBe(fault)
  })

  it('does not call the store for an id that was destroyed', async () => {
    const method = vi.fn()
    const guarded = guardedWith((sid: string) => method(sid))
    const state = guarded.ids.join('a')
    await new Promise((resolve) => guarded.destroy('a', resolve, state))
    const answer = new Promise((resolve) =>
      guarded.compareAndSet('a', session, loaded, (_err, outcome) => resolve(outcome), state),
    )
    expect(await answer).toBe(false)
    expect(method).not.toHaveBeenCalled()
  })

  it('answers false, and destroys the record again, if the id is destroyed during the write', async () => {
    const destroys: string[] = []
    const gate = createGate()
    const guarded = guardedStore({
      get() {},
      set() {},
      destroy: (sid: string) => void destroys.push(sid),
      compareAndSet: (_sid, _session, _loaded, done) => gate.enter(() => done(undefined, true)),
    } as StoreLike)
    const state = guarded.ids.join('a')
    const answer = outcomeOf(guarded)
    await new Promise((resolve) => guarded.destroy('a', resolve, state))
    gate.open()
    expect(await answer).toBe(false)
    expect(destroys).toEqual(['a', 'a'])
  })
})

describe('compareAndSetSync', () => {
  const before = { snapshot: '{"a":1}', lifetime: null }

  it('compares the snapshot with what the caller has read', async () => {
    const guarded = guardedStore(new MemoryStore() as never)
    const { cookie } = record()
    const write = (snapshot: string, loaded?: typeof before) =>
      compareAndSetSync(guarded, 'a', cookie, snapshot, loaded)
    expect(write('{"a":1}', before)).toBe(false)
    expect(write('{"a":1}')).toBe(true)
    expect(write('{"a":2}')).toMatchObject({ snapshot: '{"a":1}' })
    expect(write('{"a":2}', before)).toBe(true)
    expect(write('{"a":3}', before)).toMatchObject({ snapshot: '{"a":2}' })
  })

  it('takes another configured lifetime for a change, and another expiry for none', () => {
    const guarded = guardedStore(new MemoryStore() as never)
    compareAndSetSync(guarded, 'a', record().cookie, '{"a":1}', undefined)
    touchSync(guarded, 'a', { ...record().cookie, expires: new Date(Date.now() + 1000) })
    expect(compareAndSetSync(guarded, 'a', recordFor(60_000).cookie, '{"a":1}', before)).toBe(true)
    expect(compareAndSetSync(guarded, 'a', record().cookie, '{"a":1}', before)).toMatchObject({
      cookie: { originalMaxAge: 60_000 },
    })
  })

  it('takes a record whose absolute timeout is over for none, and destroys it', async () => {
    const store = new MemoryStore()
    const guarded = guardedStore(store as never)
    const cookie = { ...record().cookie, startedAt: Date.now() - 1000 }
    compareAndSetSync(guarded, 'a', cookie, '{"a":1}', undefined)
    const ask = (absolute: number) =>
      compareAndSetSync(guarded, 'a', cookie, '{}', undefined, undefined, { idle: undefined, absolute })
    expect(ask(100_000)).toMatchObject({ snapshot: '{"a":1}' })
    expect(ask(1000)).toBe(false)
    expect(await new Promise((resolve) => store.length((_err, count) => resolve(count)))).toBe(0)
  })

  it('is not used for a store whose method was replaced', () => {
    const guarded = guardedStore(Object.assign(new MemoryStore(), { compareAndSet() {} }) as never)
    expect(compareAndSetSync(guarded, 'a', record().cookie, '{}', undefined)).toBeUndefined()
  })
})

// biome-ignore lint/suspicious/noExplicitAny: methods with any parameters
function guardedWith(compareAndSet: (...args: any[]) => unknown): GuardedStore {
  return guardedStore({ get() {}, set() {}, destroy() {}, compareAndSet } as unknown as StoreLike)
}

function outcomeOf(guarded: GuardedStore): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done: OutcomeDone = (err, outcome) => (err ? reject(err) : resolve(outcome))
    guarded.compareAndSet('a', session, loaded, done)
  })
}
