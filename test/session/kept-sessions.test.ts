import { describe, expect, it } from 'vitest'
import session from '../../src'
import { serve } from '../support/app'
import { ANN, COOKIE, end, seeded, upgrade } from '../support/ending'
import { ours } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import type { TestStore } from '../support/store'

describe('a session that is kept beyond its request', () => {
  /** Each gives a session with the id 'a' that no request keeps in use. */
  const kinds: Record<string, (store: TestStore) => Promise<{ save(): unknown }>> = {
    'of a WebSocket upgrade': async (store) => (await upgrade(store)).session,
    'that store.load gave': (store) =>
      new Promise((resolve, reject) =>
        store.load('a', (err, kept) => (kept ? resolve(kept as never) : reject(err))),
      ),
    'that store.createSession made for a socket': async (store) =>
      store.createSession({ sessionID: 'a', sessionStore: store } as never, ANN as never) as never,
    'from before reload': async (store) => {
      const { session } = await upgrade(store)
      await session.reload()
      return session
    },
  }

  it.each(Object.keys(kinds))('%s is not saved after the id ended', async (kind) => {
    const store = seeded(ours)
    const kept = await kinds[kind]?.(store)
    await serve(session({ ...SETTINGS, store }), end).get('/', COOKIE)
    await kept?.save()
    expect([kept === undefined, store.records.has('a')]).toEqual([false, false])
  })

  it.each(Object.keys(kinds))('%s is saved before that, and if it is made after that', async (kind) => {
    const store = seeded(ours)
    await (await kinds[kind]?.(store))?.save()
    await serve(session({ ...SETTINGS, store }), end).get('/', COOKIE)
    store.put('a', ANN)
    await (await kinds[kind]?.(store))?.save()
    expect(store.methods().filter((name) => name === 'set')).toHaveLength(2)
  })

  it('is not saved under an id that genid has given to the next session', async () => {
    const store = seeded(ours)
    const app = serve(session({ ...SETTINGS, store, genid: () => 'a' }), (req, res) => {
      const old = req.session
      old.regenerate(() => {
        req.session.value = 'new'
        old.save(() => res.end())
      })
    })
    await app.get('/', COOKIE)
    expect(store.record('a')).toMatchObject({ value: 'new' })
    expect(store.record('a').user).toBeUndefined()
  })
})
