import { describe, expect, it, vi } from 'vitest'
import type { TestedStore } from '../../src/store-suite'
import type { SessionData } from '../../src/types'
import { collect, failuresOf } from './collect'
import { useFakeClock } from './fake-clock'
import { ALL_ABILITIES, ReferenceStore } from './reference-store'

const UNICODE = 'keeps text in any language'
/** In milliseconds, and longer than the shortest lifetime. */
const DELAY = 2_000
/** In milliseconds, and shorter than the shortest lifetime. */
const LATENCY = 400
const ANSWERS = 'answers get, set and destroy once'

const advance = useFakeClock()

const create = () => new ReferenceStore()

const titlesOf = (tests: { title: string }[]) => tests.map((test) => test.title)

describe('storeSuite', () => {
  it("declares one suite with the store's name", () => {
    expect(collect({ name: 'MyStore', create }).suites).toEqual(['MyStore'])
    expect(collect({ create }).suites).toEqual(['session store'])
  })

  it("declares only the rules for the store's abilities", () => {
    const none = titlesOf(collect({ create }).tests)
    const touching = titlesOf(collect({ create, abilities: ['touch'] }).tests)
    const all = titlesOf(collect({ create, abilities: ALL_ABILITIES }).tests)

    expect(none).toContain(UNICODE)
    expect(none.join()).not.toMatch(/touch|clear|list|count|updat|expires|compare|outcome/)
    expect(touching.filter((title) => !none.includes(title))).toEqual([
      'performs touch without a callback',
      'does not change the data on touch',
      'touches an unknown id without an error and creates no record',
    ])
    expect(all.length).toBeGreaterThan(touching.length)
    expect(new Set(all).size).toBe(all.length)
  })

  it('creates a store for each rule, and closes it even when the rule fails', async () => {
    const open = new Set<TestedStore>()
    let count = 0
    const { tests } = collect({
      async create() {
        count++
        const store = Object.assign(create(), { get: () => {} })
        open.add(store)
        return store
      },
      close: async (store) => void open.delete(store),
      timeout: 1,
    })
    expect((await failuresOf(tests)).size).toBeGreaterThan(0)
    expect([count, open.size]).toEqual([tests.length, 0])
  })

  it('skips the rules in known, and prints the reason', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { tests, skipped } = collect({ name: 'MyStore', create, known: { [UNICODE]: 'it keeps ASCII' } })
    const lines = warn.mock.calls.flat()
    warn.mockRestore()

    expect(titlesOf(tests)).not.toContain(UNICODE)
    expect(titlesOf(skipped)).toEqual([`${UNICODE} (it keeps ASCII)`])
    expect(lines).toEqual([`MyStore: skipped "${UNICODE}": it keeps ASCII`])
  })

  it('throws a TypeError when known names a rule that does not exist', () => {
    const known = { 'keeps text': 'it does not' }
    expect(() => collect({ create, known })).toThrow(
      new TypeError('known names a rule that does not exist: "keeps text"'),
    )
  })

  it('fails with advice when a method never answers', async () => {
    const store = () => Object.assign(create(), { async get(_sid: string, _callback: unknown) {} })
    const failures = await failuresOf(collect({ create: store, timeout: 20 }).tests)
    expect(failures.get(ANSWERS)?.message).toBe(
      'get() did not answer within 20 ms: call the callback, or declare no callback parameter and return a promise',
    )
  })

  it("fails with the store's own error", async () => {
    const fault = new Error('disk full')
    const rejecting = () => Object.assign(create(), { set: () => Promise.reject(fault) })
    const throwing = () =>
      Object.assign(create(), {
        set() {
          throw fault
        },
      })
    for (const store of [rejecting, throwing]) {
      expect((await failuresOf(collect({ create: store }).tests)).get(UNICODE)).toBe(fault)
    }
  })

  it('fails with advice when create returns no store', async () => {
    const nothing = { create: () => Object.create(null) as ReferenceStore }
    expect((await failuresOf(collect(nothing).tests)).get(UNICODE)?.message).toBe(
      'the store has no method set(): `create` must return a session store',
    )
  })

  it.each([undefined, null])('fails with advice when create returns %s', async (nothing) => {
    const failures = await failuresOf(collect({ create: () => nothing as never }).tests)
    expect(failures.get(UNICODE)?.message).toMatch(/`create` must return a session store/)
  })

  it("fails with the store's error when close fails, too", async () => {
    const store = () => Object.assign(create(), { get: () => Promise.reject(new Error('away')) })
    const close = () => Promise.reject(new Error('cannot close'))
    const { tests } = collect({ create: store, close })
    expect((await failuresOf(tests)).get(UNICODE)?.message).toBe('away')
    const right = collect({ create, close }).tests
    expect((await failuresOf(right)).get(UNICODE)?.message).toBe('cannot close')
  })

  it('checks expiry in real time with the precision that the options give', async () => {
    vi.useRealTimers()
    const { tests } = collect({ create, abilities: ['expiry'], precision: 20 })
    const ending = tests.filter(({ title }) => title.startsWith('serves a record until it expires'))
    expect(ending).toHaveLength(1)
    expect(await failuresOf(ending)).toEqual(new Map())
  })

  it.each(['get', 'set', 'touch'] as const)(
    'repeats a rule with a longer lifetime when %s takes too long',
    async (method) => {
      let delays = 2
      const slow = () => {
        const store = create()
        const work = store[method].bind(store) as (...args: unknown[]) => void
        const late = (...args: unknown[]) => {
          if (delays-- > 0) advance(DELAY)
          work(...args)
        }
        return Object.assign(store, { [method]: late })
      }
      expect(await failuresOf(endings(slow))).toEqual(new Map())
      expect(delays).toBeLessThan(0)
    },
  )

  it('allows a store to count the lifetime from when it receives the record', async () => {
    const far = () => {
      const store = create()
      return Object.assign(store, {
        set(sid: string, session: SessionData, callback: () => void) {
          const entry = store.entryOf(session)
          advance(LATENCY)
          store.entries.set(sid, { ...entry, expires: entry.expires + LATENCY })
          store.answer(callback)
        },
      })
    }
    expect(await failuresOf(endings(far))).toEqual(new Map())
  })

  it('fails when the record is never there, even if each answer takes too long', async () => {
    const forgetful = () => {
      const store = create()
      return Object.assign(store, {
        get(_sid: string, callback: () => void) {
          advance(DELAY)
          store.answer(callback)
        },
      })
    }
    const failures = await failuresOf(endings(forgetful))
    expect([...failures.values()].map(({ message }) => message)).toContain(
      'there is no record before its expiry',
    )
  })
})

/** The tests that wait for the expiry of a record. */
function endings(make: () => TestedStore) {
  const { tests } = collect({ create: make, abilities: ['expiry', 'touch'], advance })
  return tests.filter(({ title }) => /^(serves a record until|updates the expiry)/.test(title))
}
