import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type GuardedStore, guardedStore } from '../../../../src/store-guard/guarded-store'
import { withTimeLimit } from '../../../../src/store-guard/layers/time-limit'
import { MemoryStore } from '../../../../src/stores/memory/memory-store'
import type { StoreLike } from '../../../../src/types'
import { record } from '../../../support/records'

type Done = (err?: unknown, value?: unknown) => void

const session = record({ user: 'ada' }) as never

const OPERATIONS: [name: keyof StoreLike, run: (guarded: GuardedStore, done: Done) => void][] = [
  ['get', (guarded, done) => guarded.get('the-id', done)],
  ['set', (guarded, done) => guarded.set('the-id', session, done)],
  ['touch', (guarded, done) => guarded.touch('the-id', session, done)],
  ['compareAndSet', (guarded, done) => guarded.compareAndSet('the-id', session, session, done)],
  ['destroy', (guarded, done) => guarded.destroy('the-id', done)],
  ['regenerate', (guarded, done) => guarded.regenerate({ sessionID: 'the-id' }, done)],
]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A store that answers when the test says so. The calls are listed by method. */
function heldStore() {
  const calls: [name: string, answer: Done][] = []
  const method =
    (name: string) =>
    (...args: unknown[]) =>
      void calls.push([name, args.at(-1) as Done])
  const store = {
    get: (sid: string, done: Done) => method('get')(sid, done),
    set: (sid: string, record: unknown, done: Done) => method('set')(sid, record, done),
    touch: (sid: string, record: unknown, done: Done) => method('touch')(sid, record, done),
    destroy: (sid: string, done: Done) => method('destroy')(sid, done),
    compareAndSet: (sid: string, record: unknown, _loaded: unknown, done: Done) =>
      method('compareAndSet')(sid, record, done),
    regenerate: (req: unknown, done: Done) => method('regenerate')(req, done),
  }
  const answer = (index: number, err?: unknown) => calls[index]?.[1](err, record({ user: 'ada' }))
  return { store: store as StoreLike, names: () => calls.map(([name]) => name), answer }
}

function limited(store: StoreLike, ms = 5000) {
  return withTimeLimit(guardedStore(store), ms)
}

describe('withTimeLimit', () => {
  it('returns the same guarded store if there is no limit', () => {
    const guarded = guardedStore(heldStore().store)
    expect(withTimeLimit(guarded, undefined)).toBe(guarded)
  })

  it('shares the ids, the connection and `generate` with the store that it is made of', () => {
    const store = new MemoryStore()
    const guarded = guardedStore(store as never)
    const limited = withTimeLimit(guarded, 5000)
    guarded.provideGenerate(() => {})
    store.emit('disconnect')
    expect([limited.ids, limited.isConnected, limited.generatesByDefault]).toEqual([guarded.ids, false, true])
  })

  it('shares what is learnt of the comparison of records', () => {
    const guarded = guardedStore(new MemoryStore() as never)
    const limited = withTimeLimit(guarded, 5000)
    limited.comparison.noteConflict(session, session)
    expect([guarded, limited].map(({ comparison }) => comparison.isPossible)).toEqual([false, false])
  })

  it('tells its limit', () => {
    const { store } = heldStore()
    expect([guardedStore(store).timeLimit, limited(store, 1000).timeLimit]).toEqual([undefined, 1000])
  })

  it('limits only the calls of its own users', () => {
    const { store } = heldStore()
    const [first, second, third] = [vi.fn(), vi.fn(), vi.fn()]
    guardedStore(store).get('a', first)
    limited(store, 1000).get('a', second)
    limited(store, 5000).get('a', third)
    vi.advanceTimersByTime(1000)
    expect([first, second, third].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 0])
  })
})

describe.each(OPERATIONS)('%s with a time limit', (name, run) => {
  it('is an error with a code, the method and the limit, and without the id', () => {
    const done = vi.fn()
    run(limited(heldStore().store), done)
    vi.advanceTimersByTime(4999)
    expect(done).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(done).toHaveBeenCalledOnce()
    const [err] = done.mock.calls[0] as [Error]
    expect(err).toBeInstanceOf(Error)
    expect(err).toMatchObject({
      code: 'ERR_SESSION_STORE_TIMEOUT',
      message: `the session store has not answered ${name}() within 5000 ms`,
    })
  })

  it.each([undefined, new Error('late')])('ignores a late answer: %s', (late) => {
    const { store, names, answer } = heldStore()
    const done = vi.fn()
    run(limited(store), done)
    vi.advanceTimersByTime(5000)
    answer(0, late)
    expect([done.mock.calls.length, names()]).toEqual([1, [name]])
  })

  it('leaves no timer after an answer', () => {
    const { store, answer } = heldStore()
    const done = vi.fn()
    run(limited(store), done)
    expect(vi.getTimerCount()).toBe(1)
    answer(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(done).toHaveBeenCalledOnce()
  })

  it('makes no timer for a store that answers in the same tick', () => {
    const setTimeout = vi.spyOn(globalThis, 'setTimeout')
    const done = vi.fn()
    const store = { ...heldStore().store, [name]: (...args: unknown[]) => (args.at(-1) as Done)() }
    Object.defineProperty(store[name], 'length', { value: 4 })
    run(limited(store as StoreLike), done)
    expect(done).toHaveBeenCalledOnce()
    expect(setTimeout).not.toHaveBeenCalled()
  })

  it('reports a timeout in the async context of the call', async () => {
    vi.useRealTimers()
    const storage = new AsyncLocalStorage<string>()
    const guarded = limited(heldStore().store, 1)
    const seen = new Promise((resolve) => {
      storage.run('request', () => run(guarded, () => resolve(storage.getStore())))
    })
    // The timer of the limit does not keep the process alive.
    const timer = setTimeout(() => {}, 10_000)
    expect(await seen).toBe('request')
    clearTimeout(timer)
  })
})

describe('an id whose destroy has timed out', () => {
  it.each([undefined, new Error('late')])(
    'stays ended for earlier requests, after the late answer %s too',
    (late) => {
      const { store, names, answer } = heldStore()
      const guarded = limited(store)
      const state = guarded.ids.join('a')
      guarded.destroy('a', () => {}, state)
      vi.advanceTimersByTime(5000)
      expect(state.isDestroyed).toBe(true)
      answer(0, late)
      expect(state.isDestroyed).toBe(true)
      guarded.set('a', session, () => {}, state)
      expect(names()).toEqual(['destroy'])
    },
  )

  it('is not served to later requests until the store has answered', () => {
    const { store, answer } = heldStore()
    const guarded = limited(store)
    const state = guarded.ids.join('a')
    guarded.destroy('a', () => {}, state)
    vi.advanceTimersByTime(5000)
    const done = vi.fn()
    guarded.get('a', done)
    answer(1)
    expect(done.mock.calls).toEqual([[]])
    answer(0)
    expect(guarded.ids.join('a')).not.toBe(state)
  })

  it('counts as used again if the destroy failed in time', () => {
    const { store, answer } = heldStore()
    const guarded = limited(store)
    const state = guarded.ids.join('a')
    guarded.destroy('a', () => {}, state)
    answer(0, new Error('down'))
    expect(state.isDestroyed).toBe(false)
  })
})

describe('a write that has timed out', () => {
  it('is not repeated, and its late answer changes nothing', () => {
    const { store, names, answer } = heldStore()
    const guarded = limited(store)
    guarded.set('a', session, () => {})
    vi.advanceTimersByTime(5000)
    answer(0)
    expect(names()).toEqual(['set'])
  })

  it('does not bring back a session that was destroyed meanwhile: the record is destroyed again', () => {
    const { store, names, answer } = heldStore()
    const guarded = limited(store)
    const state = guarded.ids.join('a')
    const done = vi.fn()
    guarded.set('a', session, done, state)
    vi.advanceTimersByTime(5000)
    guarded.destroy('a', () => {}, state)
    answer(1)
    answer(0)
    expect(names()).toEqual(['set', 'destroy', 'destroy'])
    answer(2)
    expect(done).toHaveBeenCalledOnce()
    expect(guarded.ids.join('a')).not.toBe(state)
  })
})
