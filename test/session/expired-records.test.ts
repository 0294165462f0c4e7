import { describe, expect, it } from 'vitest'
import session from '../../src'
import { serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { show } from '../support/handlers'
import { compare, type SessionModule } from '../support/implementations'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore, type TestStore } from '../support/store'

const COOKIE = signedCookie('a')

describe('an expired record from a store without touch', () => {
  it('is not served although the store returns it', async () => {
    const user = await compare((session) => userOf(session, recordFor(-1, { user: 'ann' })))
    expect(user).toEqual({ ours: 'null', upstream: '"ann"' })
  })

  it('is not served when the store returns its expiry as a Date', async () => {
    const user = await compare(async (session) => {
      const expired = record({ user: 'ann' }, { expires: new Date(Date.now() - 1000) })
      const store = Object.assign(createStore(session), {
        touch: undefined,
        get: (_sid: string, done: Done) => done(null, expired),
      })
      const app = serve(
        session({ ...SETTINGS, store: store as never }),
        show((req) => req.session.user ?? null),
      )
      return (await app.get('/', COOKIE)).text
    })
    expect(user).toEqual({ ours: 'null', upstream: '"ann"' })
  })

  it('makes reload fail', async () => {
    const message = await compare(async (session) => {
      const store = withoutTouch(createStore(session))
      store.put('a', recordFor(60_000))
      const app = serve(session({ ...SETTINGS, store }), (req, res) => {
        store.put('a', recordFor(-1))
        req.session.reload((err: Error | undefined) => res.end(err ? err.message : 'loaded'))
      })
      return (await app.get('/', COOKIE)).text
    })
    expect(message).toEqual({ ours: 'failed to load session', upstream: 'loaded' })
  })

  it('leads to a session under a new id', async () => {
    const store = withoutTouch(createStore())
    store.put('a', recordFor(-1))
    const app = serve(
      session({ ...SETTINGS, store }),
      show((req) => req.sessionID),
    )
    expect((await app.get('/', COOKIE)).text).not.toBe('"a"')
  })
})

describe('an expired record from a store with touch', () => {
  it('is served, since touch may have moved an expiry that only the store knows', async () => {
    const user = await compare((session) =>
      userOf(session, recordFor(-1, { user: 'ann' }), createStore(session)),
    )
    expect(user).toEqual({ ours: '"ann"', upstream: '"ann"' })
  })
})

describe('an expired record whose expiry no touch can have moved', () => {
  it('is not served by a MemoryStore whose get is replaced', async () => {
    const user = await compare((session) => {
      const get = (_sid: string, done: Done) => done(null, recordFor(-1, { user: 'ann' }))
      return userFrom(session, Object.assign(new session.MemoryStore(), { get }))
    })
    expect(user).toEqual({ ours: 'null', upstream: '"ann"' })
  })

  it('is not served when it has no originalMaxAge', async () => {
    const user = await compare((session) => {
      const expired = record(
        { user: 'ann' },
        { expires: new Date(0).toISOString(), originalMaxAge: undefined },
      )
      return userOf(session, expired, createStore(session))
    })
    expect(user).toEqual({ ours: 'null', upstream: '"ann"' })
  })
})

describe('a record that has not expired', () => {
  it('is served', async () => {
    const user = await compare((session) => userOf(session, recordFor(60_000, { user: 'ann' })))
    expect(user).toEqual({ ours: '"ann"', upstream: '"ann"' })
  })
})

type Done = (err: unknown, record?: object) => void

function withoutTouch(store: TestStore): TestStore {
  return Object.assign(store, { touch: undefined })
}

async function userOf(session: SessionModule, stored: object, store = withoutTouch(createStore(session))) {
  store.put('a', stored)
  return userFrom(session, store)
}

async function userFrom(session: SessionModule, store: object) {
  const app = serve(
    session({ ...SETTINGS, store: store as never }),
    show((req) => req.session.user ?? null),
  )
  return (await app.get('/', COOKIE)).text
}
