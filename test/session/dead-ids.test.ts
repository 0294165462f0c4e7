import { describe, expect, it } from 'vitest'
import session from '../../src'
import { type Layer, serve } from '../support/app'
import { cookieOf, setCookies, signedCookie } from '../support/cookies'
import { setValue } from '../support/handlers'
import { compare, type SessionModule } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

type Done = (err: unknown, record?: object) => void

const COOKIE = signedCookie('a')

describe('an id that was destroyed', () => {
  it('is not written by save on the session object', async () => {
    const stored = await compare(async (session) => {
      const { app, store } = create(session, (req, res) => {
        const { session } = req
        session.destroy(() => session.save(() => res.end()))
      })
      await app.get('/', COOKIE)
      return store.records.has('a')
    })
    expect(stored).toEqual({ ours: false, upstream: true })
  })

  it('is not written by save when regenerate replaced it before it was stored', async () => {
    const { app, store } = create(session, (req, res) => {
      const old = req.session
      old.regenerate(() => old.save(() => res.end()))
    })
    await app.get()
    expect([...store.records.keys()]).toEqual(['a'])
  })

  it('is not written by save while the store is still destroying it', async () => {
    const { app, store } = create(session, (req, res) => {
      const { session } = req
      session.destroy(() => res.end())
      session.save(() => {})
    })
    await app.get('/', COOKIE)
    expect(store.records.has('a')).toBe(false)
  })

  it('gives no session to a request that is still loading it', async () => {
    const seen = await compare(loadAcrossLogout)
    expect(seen.ours).toEqual({ user: 'undefined', stored: false })
    expect(seen.upstream).toEqual({ user: 'ann', stored: true })
  })

  it('is not written after unset destroyed it', async () => {
    const kept: Array<{ save(): Promise<void> }> = []
    const unset: Layer = (req, res) => {
      kept.push(req.session)
      req.session = null as never
      res.end()
    }
    const { app, store } = create(session, unset, { unset: 'destroy' })
    await app.get('/', COOKIE)
    await kept[0]?.save()
    expect(store.methods()).toEqual(['get', 'destroy'])
  })

  it('can be written again after genid returned it again', async () => {
    const store = createStore()
    const middleware = session({ ...SETTINGS, store, genid: () => 'a' })
    const cookie = cookieOf(await serve(middleware, setValue(1)).get())
    await serve(middleware, (req, res) => req.session.destroy(() => res.end())).get('/', cookie)
    expect(store.records.has('a')).toBe(false)
    const again = await serve(middleware, setValue(2)).get('/', cookie)
    expect([store.record('a')?.value, setCookies(again).length]).toEqual([2, 0])
  })

  it('is still written when the store failed to destroy it', async () => {
    const { app, store } = create(session, (req, res) => {
      const { session } = req
      session.value = 'kept'
      session.destroy(() => session.save(() => res.end()))
    })
    store.fail('destroy', new Error('stuck'))
    await app.get('/', COOKIE)
    expect(store.record('a')).toMatchObject({ user: 'ann', value: 'kept' })
  })

  it('can still be written to another store', async () => {
    const { app } = create(session, (req, res) => req.session.destroy(() => res.end()))
    await app.get('/', COOKIE)
    const other = create(session, setValue('new'))
    await other.app.get('/', COOKIE)
    expect(other.store.record('a').value).toBe('new')
  })
})

/** One request loads the session; its store answers only after another request has destroyed the session. */
async function loadAcrossLogout(session: SessionModule) {
  const { app, store } = create(session, (req, res) => {
    if (req.url === '/logout') return req.session.destroy(() => res.end())
    const { user } = req.session
    req.session.value = 'late'
    return res.end(String(user))
  })
  const get = store.get.bind(store)
  let answerLate = () => {}
  const read = new Promise<void>((resolve) => {
    const getLate = (_sid: string, done: Done) => {
      const found = store.record('a')
      answerLate = () => done(null, found)
      Object.assign(store, { get })
      resolve()
    }
    Object.assign(store, { get: getLate })
  })
  const slow = app.get('/', COOKIE).then((res) => res.text)
  await read
  await app.get('/logout', COOKIE)
  answerLate()
  return { user: await slow, stored: store.records.has('a') }
}

function create(implementation: SessionModule, layer: Layer, options: { unset?: 'destroy' } = {}) {
  const store = createStore(implementation)
  store.put('a', record({ user: 'ann' }))
  return { store, app: serve(implementation({ ...SETTINGS, ...options, store }), layer) }
}
