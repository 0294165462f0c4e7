import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { readSetCookie, setCookies, sidOf, signedCookie } from '../support/cookies'
import { answer, countViews } from '../support/handlers'
import { compare } from '../support/implementations'
import { SECRET, SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

describe.each(hosts)('saveUninitialized with $name', (host) => {
  it('true saves an empty new session and sends its cookie', async () => {
    const store = createStore()
    const res = await host.serve(session({ ...SETTINGS, store, saveUninitialized: true }), answer).get()
    expect([...store.records.keys()]).toEqual([sidOf(res)])
  })

  it('false neither saves an empty new session nor sends its cookie', async () => {
    const store = createStore()
    const res = await host.serve(session({ ...SETTINGS, store }), answer).get()
    expect([res.text, setCookies(res), store.calls]).toEqual(['ok', [], []])
  })

  it('false saves a new session with data', async () => {
    const store = createStore()
    const res = await host.serve(session({ ...SETTINGS, store }), countViews).get()
    expect(store.record(sidOf(res))).toMatchObject({ views: 1 })
  })
})

describe('saveUninitialized', () => {
  it('is true by default', async () => {
    const res = await serve(session({ secret: SECRET, resave: false }), answer).get()
    expect(readSetCookie(res)).toBeDefined()
  })

  it('false neither saves nor sends a new session that was emptied again', async () => {
    const store = createStore()
    const fill: Layer = (req, res) => {
      req.session.value = 1
      delete req.session.value
      res.end()
    }
    await serve(session({ ...SETTINGS, store }), fill).get()
    expect(store.calls).toEqual([])
  })

  it('false does nothing for an id that is not in the store', async () => {
    const store = createStore()
    const res = await serve(session({ ...SETTINGS, store }), answer).get('/', signedCookie('gone'))
    expect([setCookies(res), store.calls]).toEqual([[], ['get gone']])
  })

  it('false saves an empty new session when the application calls save', async () => {
    const store = createStore()
    const app = serve(session({ ...SETTINGS, store }), (req, res) => req.session.save(() => res.end()))
    await app.get()
    expect(store.methods()).toEqual(['set'])
  })

  it('false does not save an empty session after regenerate', async () => {
    const calls = await compare(async (session) => {
      const store = createStore(session)
      const app = serve(session({ ...SETTINGS, store }), (req, res) =>
        req.session.regenerate(() => res.end()),
      )
      const res = await app.get()
      return [...store.methods(), ...setCookies(res).map(() => 'cookie')]
    })
    expect(calls).toEqual({ ours: [], upstream: ['destroy', 'set', 'cookie'] })
  })

  it('true saves an empty session after regenerate', async () => {
    const store = createStore()
    const middleware = session({ ...SETTINGS, store, saveUninitialized: true })
    const app = serve(middleware, (req, res) => req.session.regenerate(() => res.end()))
    const res = await app.get()
    expect([...store.records.keys()]).toEqual([sidOf(res)])
  })
})
