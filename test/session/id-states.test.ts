import { describe, expect, it } from 'vitest'
import session from '../../src'
import { guardedStore } from '../../src/store-guard/guarded-store'
import { call } from '../support/ending'
import { liveBytes } from '../support/heap'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

describe('the states of ids', () => {
  it('are forgotten when the requests are over, after a garbage collection', async () => {
    const store = new session.MemoryStore({ checkPeriod: 0 })
    const middleware = session({ ...SETTINGS, store })
    const { refs } = guardedStore(store).ids as unknown as { refs: Map<string, unknown> }
    await logInMany(middleware, 100_000)
    liveBytes()
    // Each new id checks a few of the old ones.
    await logInMany(middleware, 20_000)
    expect(refs.size).toBeLessThan(25_000)
  })

  it('are not kept for requests that save nothing', () => {
    const store = createStore()
    const middleware = session({ ...SETTINGS, store })
    const { refs } = guardedStore(store).ids as unknown as { refs: Map<string, unknown> }
    for (let i = 0; i < 1000; i++) call(middleware, (req) => expect(req.session).toBeDefined())
    expect(refs.size).toBe(0)
  })
})

/** Lets ticks pass, since a new state is alive until its tick ends. */
async function logInMany(middleware: ReturnType<typeof session>, count: number) {
  for (let i = 0; i < count; i++) {
    call(middleware, (req) => void req.session.save())
    if (i % 1000 === 999) await new Promise((resolve) => setImmediate(resolve))
  }
}
