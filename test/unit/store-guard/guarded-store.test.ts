import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type GuardedStore, guardedStore } from '../../../src/store-guard/guarded-store'
import { IdState } from '../../../src/store-guard/id-state'
import { load, setSync, touchSync } from '../../../src/store-guard/sync-calls'
import { MemoryStore } from '../../../src/stores/memory/memory-store'
import type { StoreLike } from '../../../src/types'
import { crashesOf } from '../../support/outcome'
import { record, recordFor } from '../../support/records'

// biome-ignore lint/suspicious/noExplicitAny: stores with methods of any type
type Methods = Record<string, any>
type Done = (err?: unknown, value?: unknown) => void

const session = record({ user: 'ada' }) as never
const { cookie } = record()
const fault = new Error('down')

/** The ways in which a store can report an error. */
const FAILURES: [what: string, method: (sid: string, ...rest: never[]) => unknown][] = [
  ['throws', () => raise(fault)],
  ['calls back with an error', (_sid, ...rest) => (rest.at(-1) as unknown as Done)(fault)],
  ['rejects', () => Promise.reject(fault)],
  ['rejects though it declares a callback', (_sid, _b, _c?: never, _d?: never) => Promise.reject(fault)],
  ['calls back and rejects', (_sid, ...rest) => fail(rest.at(-1) as never)],
]

const OPERATIONS: [
  name: 'get' | 'set' | 'touch' | 'destroy',
  run: (guarded: GuardedStore, done: Done) => void,
][] = [
  ['get', (guarded, done) => guarded.get('a', done)],
  ['set', (guarded, done) => guarded.set('a', session, done)],
  ['touch', (guarded, done) => guarded.touch('a', session, done)],
  ['destroy', (guarded, done) => guarded.destroy('a', done)],
]

afterEach(() => {
  vi.useRealTimers()
})

describe('guardedStore', () => {
  it('returns one object for each store', () => {
    const store = storeWith({})
    expect(guardedStore(store)).toBe(guardedStore(store))
    expect(guardedStore(storeWith({}))).not.toBe(guardedStore(store))
  })

  it('tracks the connection of the store with one pair of listeners', () => {
    const store = Object.assign(new EventEmitter(), storeWith({}))
    const guarded = guardedStore(store)
    guardedStore(store)
    expect(['connect', 'disconnect'].map((event) => store.listenerCount(event))).toEqual([1, 1])
    const seen = ['disconnect', 'disconnect', 'connect'].map(
      (event) => store.emit(event) && guarded.isConnected,
    )
    expect([true, ...seen]).toEqual([true, false, false, true])
  })

  it('accepts a store without events', () => {
    expect(guardedStore(storeWith({})).isConnected).toBe(true)
  })
})

describe.each(OPERATIONS)('%s', (name, run) => {
  it.each(FAILURES)('passes on the error of a store that %s, once', async (_what, method) => {
    const done = vi.fn()
    const crashes = await crashesOf(async () => run(guardedStore(storeWith({ [name]: method })), done))
    expect(done.mock.calls).toEqual([[fault]])
    expect(crashes).toEqual([])
  })

  it.each([undefined, null])('creates an error when the store throws or rejects with %s', async (reason) => {
    for (const method of [() => raise(reason), () => Promise.reject(reason)]) {
      expect(await errorOf((done) => run(guardedStore(storeWith({ [name]: method })), done))).toBeInstanceOf(
        Error,
      )
    }
  })

  it('ignores all answers after the first', async () => {
    const done = vi.fn()
    const method = (...args: unknown[]) => {
      const answer = args.at(-1) as Done
      answer()
      answer(fault)
      setImmediate(answer, fault)
      throw fault
    }
    run(guardedStore(storeWith({ [name]: method })), done)
    await turns()
    expect(done).toHaveBeenCalledTimes(1)
    expect(done.mock.calls[0]?.[0]).toBeUndefined()
  })

  it('makes an error that the callback throws an uncaught exception, not an error in the store', async () => {
    const caught: unknown[] = []
    const method = async (...args: unknown[]) => {
      await null
      try {
        ;(args.at(-1) as Done)()
      } catch (err) {
        caught.push(err)
      }
    }
    const crashes = await crashesOf(async () => {
      run(guardedStore(storeWith({ [name]: method })), () => raise(new Error('in the handler')))
      await turns()
    })
    expect([caught, crashes]).toEqual([[], ['in the handler']])
  })

  it('calls back in the async context of the caller', async () => {
    const context = new AsyncLocalStorage<string>()
    const waiting: Done[] = []
    const guarded = guardedStore(
      storeWith({ [name]: (...args: unknown[]) => waiting.push(args.at(-1) as Done) }),
    )
    const done = vi.fn(() => context.getStore())
    context.run('request', () => run(guarded, done))
    context.run('store', () => waiting[0]?.())
    expect(done).toHaveReturnedWith('request')
  })

  it('calls the method on its store', async () => {
    const store = storeWith({})
    const self = vi.fn()
    store[name] = function (this: unknown, ...args: unknown[]) {
      self(this === store)
      ;(args.at(-1) as Done)()
    }
    await errorOf((done) => run(guardedStore(store), done))
    expect(self.mock.calls).toEqual([[true]])
  })

  it('fails when the store does not have the method', async () => {
    const store = { ...storeWith({}), [name]: undefined }
    expect(await errorOf((done) => run(guardedStore(store as never), done))).toBeInstanceOf(TypeError)
  })
})

describe('get', () => {
  it.each<[string, unknown, unknown]>([
    ['a record', session, session],
    ['a browser session', record(), record()],
    ['undefined', undefined, undefined],
    ['null', null, undefined],
    ['false', false, undefined],
    ['a record without a cookie', {}, {}],
  ])('answers with %s for a store of each style', async (_what, value, answer) => {
    const styles: Methods[] = [
      { get: (_sid: string, done: Done) => done(null, value) },
      { get: (_sid: string, done: Done) => void setImmediate(done, null, value) },
      { get: (_sid: string, done: Done = () => {}) => done(null, value) },
      { get: (...args: unknown[]) => (args[1] as Done)(null, value) },
      { get: (_sid: string) => value },
      { get: async (_sid: string) => value },
      { get: async () => value },
    ]
    for (const style of styles) expect(await recordOf(guardedStore(storeWith(style)))).toEqual(answer)
  })

  it.each<[string, number, boolean]>([
    ['a moment later', 1, true],
    ['now', 0, false],
    ['a moment ago', -1, false],
  ])('checks in a store without touch a record that expires %s: %s ms', async (_what, ms, isFound) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const forms = [recordFor(ms), { cookie: { expires: new Date(Date.now() + ms) } }]
    for (const form of forms) {
      const guarded = guardedStore(storeWith({ get: (_sid: string) => form, touch: undefined }))
      expect(await recordOf(guarded)).toBe(isFound ? form : undefined)
    }
  })

  it('finds an expired record in a store whose touch may have moved the expiry', async () => {
    const form = recordFor(-1)
    expect(await recordOf(guardedStore(storeWith({ get: (_sid: string) => form })))).toBe(form)
  })

  it('finds no record of an id that is destroyed during the read', async () => {
    const waiting: Done[] = []
    const guarded = guardedStore(storeWith({ get: (_sid: string, done: Done) => waiting.push(done) }))
    const found = recordOf(guarded)
    guarded.destroy('a', () => {})
    waiting[0]?.(null, session)
    expect(await found).toBeUndefined()
  })
})

describe('a destroyed id', () => {
  it.each(['set', 'touch'] as const)('is not written by %s of a request that began before', async (name) => {
    const { guarded, calls } = recorded()
    const [state, other] = [guarded.ids.join('a'), guarded.ids.join('b')]
    await errorOf((done) => guarded.destroy('a', done))
    expect(await errorOf((done) => guarded[name]('a', session, done, state))).toBeUndefined()
    expect(calls).toEqual(['destroy a'])
    expect([state.isDestroyed, other.isDestroyed]).toEqual([true, false])
  })

  it('is written by a request that begins afterwards', async () => {
    const { guarded, calls } = recorded()
    const before = guarded.ids.join('a')
    await errorOf((done) => guarded.destroy('a', done))
    await errorOf((done) => guarded.set('a', session, done))
    await errorOf((done) => guarded.set('a', session, done, before))
    expect(calls).toEqual(['destroy a', 'set a'])
  })

  it.each(['set', 'touch'] as const)('is destroyed again if it was destroyed during %s', async (name) => {
    const { guarded, calls, release } = recorded(name)
    const written = errorOf((done) => guarded[name]('a', session, done))
    await errorOf((done) => guarded.destroy('a', done))
    release()
    expect(await written).toBeUndefined()
    expect(calls).toEqual([`${name} a`, 'destroy a', 'destroy a'])
  })

  it('ends for later requests too if the same request destroys it again, since its record may be back', async () => {
    const { guarded, calls } = recorded()
    const first = guarded.ids.join('a')
    await errorOf((done) => guarded.destroy('a', done, first))
    const later = guarded.ids.join('a')
    expect(later.isDestroyed).toBe(false)
    const again = errorOf((done) => guarded.destroy('a', done, first))
    expect(later.isDestroyed).toBe(true)
    await again
    await errorOf((done) => guarded.set('a', session, done, later))
    expect(calls).toEqual(['destroy a', 'destroy a'])
    expect(guarded.ids.join('a').isDestroyed).toBe(false)
  })

  it('is not served to a request that begins while a write from before is in progress', async () => {
    const { guarded, release } = recorded('set')
    const written = errorOf((done) => guarded.set('a', session, done))
    await errorOf((done) => guarded.destroy('a', done))
    const during = guarded.ids.join('a')
    release()
    await written
    expect([during.isDestroyed, guarded.ids.join('a').isDestroyed]).toEqual([true, false])
  })

  it('is not destroyed again after a late write if a new session has got it meanwhile', async () => {
    const { guarded, calls, release } = recorded('set')
    const written = errorOf((done) => guarded.set('a', session, done))
    await errorOf((done) => guarded.destroy('a', done))
    const ofNewSession = errorOf((done) => guarded.set('a', session, done, new IdState('a')))
    release()
    await Promise.all([written, ofNewSession])
    expect(calls).toEqual(['set a', 'destroy a', 'set a'])
  })

  it.each<[string, unknown, unknown, unknown]>([
    ['of the write', fault, undefined, fault],
    ['of the destroy', undefined, fault, fault],
    ['of the write rather than that of the destroy', fault, new Error('too'), fault],
  ])('that was destroyed during a write passes on the error %s', async (_what, ofWrite, ofDestroy, err) => {
    const set = (sid: string, _session: object, done: Done) => {
      guarded.ids.end(sid)
      done(ofWrite)
    }
    const guarded = guardedStore(storeWith({ set, destroy: (_sid: string, done: Done) => done(ofDestroy) }))
    expect(await errorOf((done) => guarded.set('a', session, done))).toBe(err)
  })

  it('stays destroyed when a MemoryStore subclass writes late', async () => {
    class Slow extends MemoryStore {
      override set(sid: string, stored: never, done?: () => void) {
        setImmediate(() => super.set(sid, stored, done))
      }
    }
    const store = new Slow({ checkPeriod: 0 })
    const guarded = guardedStore(store as never)
    const written = errorOf((done) => guarded.set('a', session, done))
    await errorOf((done) => guarded.destroy('a', done))
    await written
    expect(Object.keys(store.sessions)).toEqual([])
  })

  it('counts as destroyed as soon as destroy is called, and for requests that begin before the answer', () => {
    const { guarded } = recorded('destroy')
    const before = guarded.ids.join('a')
    guarded.destroy('a', () => {})
    expect([before.isDestroyed, guarded.ids.join('a').isDestroyed]).toEqual([true, true])
  })

  it('is written synchronously no more', () => {
    const store = new MemoryStore({ checkPeriod: 0 })
    const guarded = guardedStore(store as never)
    const state = guarded.ids.join('a')
    guarded.destroy('a', () => {})
    expect(setSync(guarded, 'a', cookie, '{}', state)).toBe(true)
    expect(Object.keys(store.sessions)).toEqual([])
  })
})

describe('a destroy that failed', () => {
  it('does not count', async () => {
    const guarded = guardedStore(storeWith({ destroy: () => raise(fault) }))
    const state = guarded.ids.join('a')
    expect(await errorOf((done) => guarded.destroy('a', done))).toBe(fault)
    expect(state.isDestroyed).toBe(false)
  })

  it.each([
    ['before', [undefined, fault]],
    ['after', [fault, undefined]],
  ])('does not undo one that succeeded %s it', async (_when, answers) => {
    const waiting: Done[] = []
    const guarded = guardedStore(storeWith({ destroy: (_sid: string, done: Done) => waiting.push(done) }))
    const state = guarded.ids.join('a')
    const both = answers.map(() => errorOf((done) => guarded.destroy('a', done)))
    const seen = answers.map((err, i) => {
      waiting[i]?.(err)
      return state.isDestroyed
    })
    expect([await Promise.all(both), seen, state.isDestroyed]).toEqual([answers, [true, true], true])
  })

  it('does not count if two failed', async () => {
    const waiting: Done[] = []
    const guarded = guardedStore(storeWith({ destroy: (_sid: string, done: Done) => waiting.push(done) }))
    const state = guarded.ids.join('a')
    const both = [1, 2].map(() => errorOf((done) => guarded.destroy('a', done)))
    for (const done of waiting) done(fault)
    await Promise.all(both)
    expect([state.isDestroyed, guarded.ids.join('a')]).toEqual([false, state])
  })
})

describe('setSync, touchSync and load', () => {
  it('use the synchronous methods of a MemoryStore', () => {
    const store = new MemoryStore({ checkPeriod: 0 })
    const guarded = guardedStore(store)
    const answer = vi.fn()
    expect(setSync(guarded, 'a', cookie, '{"user":"ada"}')).toBe(true)
    load(guarded, 'a', answer)
    expect(answer).toHaveBeenCalledTimes(1)
    expect(touchSync(guarded, 'a', cookie)).toBe(true)
    const state = guarded.ids.join('a')
    guarded.ids.end('a')
    load(guarded, 'a', answer, state)
    expect(answer.mock.calls[1]?.[1]).toBeUndefined()
  })

  it('have no synchronous methods to use with other stores', async () => {
    const { guarded, calls } = recorded()
    expect([setSync(guarded, 'a', cookie, '{}'), touchSync(guarded, 'a', cookie)]).toEqual([false, false])
    expect(calls).toEqual([])
    await errorOf((done) => load(guarded, 'a', done))
    expect(calls).toEqual(['get a'])
  })

  it.each(['get', 'set', 'touch'] as const)('call a function that has replaced %s', (name) => {
    const store = new MemoryStore({ checkPeriod: 0 })
    const original = store[name] as (...args: unknown[]) => void
    const replacement = vi.fn((...args: unknown[]) => original.apply(store, args))
    Object.assign(store, { [name]: (...args: unknown[]) => replacement(...args) })
    useAll(guardedStore(store))
    expect(replacement).toHaveBeenCalledTimes(name === 'get' ? 1 : 0)
  })

  it.each(['get', 'set', 'touch'] as const)('call a spy on %s', (name) => {
    const store = new MemoryStore({ checkPeriod: 0 })
    vi.spyOn(store, name)
    expect(useAll(guardedStore(store))[name]).toBe(false)
  })
})

describe('provideGenerate', () => {
  it('reports whether the application replaced store.generate', () => {
    const store = storeWith({})
    const guarded = guardedStore(store)
    const generate = vi.fn()
    guarded.provideGenerate(generate)
    expect([store.generate, guarded.generatesByDefault]).toEqual([generate, true])
    store.generate = () => generate()
    expect(guarded.generatesByDefault).toBe(false)
  })
})

/** Calls the three methods, and returns which of them used synchronous methods. */
function useAll(guarded: GuardedStore) {
  let isSync = false
  load(guarded, 'a', () => {
    isSync = true
  })
  return {
    get: isSync,
    set: setSync(guarded, 'a', cookie, '{}'),
    touch: touchSync(guarded, 'a', cookie),
  }
}

/** Returns a store whose methods call back at once without a value, except for the given methods. */
function storeWith(methods: Methods) {
  const touch = (_sid: string, _session: object, done: Done) => done()
  return {
    get: (_sid: string, done: Done) => done(),
    set: touch,
    touch,
    destroy: (_sid: string, done: Done) => done(),
    ...methods,
  } as Methods & StoreLike
}

/** Returns a guarded store, the calls of its store, and a function that releases the calls of the held method. */
function recorded(held?: string) {
  const calls: string[] = []
  const waiting: Done[] = []
  const names = ['get', 'set', 'touch', 'destroy']
  const method =
    (name: string) =>
    (sid: string, _second: unknown, _third: unknown, ...rest: unknown[]) => {
      const done = [_second, _third, ...rest].findLast((each) => typeof each === 'function') as Done
      calls.push(`${name} ${sid}`)
      if (name === held) waiting.push(done)
      else done()
    }
  const store = storeWith(Object.fromEntries(names.map((name) => [name, method(name)])))
  const release = () => {
    for (const done of waiting.splice(0)) done()
  }
  return { guarded: guardedStore(store), calls, release }
}

function errorOf(work: (done: Done) => void) {
  return new Promise((resolve) => work((err) => resolve(err)))
}

function recordOf(guarded: GuardedStore) {
  return new Promise((resolve, reject) =>
    guarded.get('a', (err, found) => (err ? reject(err) : resolve(found))),
  )
}

function turns() {
  return new Promise((resolve) => setImmediate(setImmediate, resolve))
}

function fail(done: Done) {
  done(fault)
  return Promise.reject(new Error('late'))
}

function raise(err: unknown): never {
  throw err
}
