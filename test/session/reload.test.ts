import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { setCookies, signedCookie } from '../support/cookies'
import { answer } from '../support/handlers'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe.each(hosts)('reload with $name', (host) => {
  it('reads the session again into a new req.session', async () => {
    const { app, store } = create(host.serve, (req, res) => {
      const before = req.session
      req.session.value = 'mine'
      store.put('a', record({ value: 'theirs' }))
      req.session.reload(() => res.end(`${req.session.value} ${req.session === before} ${req.session.id}`))
    })
    expect((await app.get('/', COOKIE)).text).toBe('theirs false a')
  })

  it('fails when the record was removed from the store', async () => {
    const { app, store } = create(host.serve, (req, res) => {
      store.records.clear()
      req.session.reload((err: Error) => res.end(err.message))
    })
    expect((await app.get('/', COOKIE)).text).toBe('failed to load session')
  })
})

describe('reload', () => {
  it('fails for a session that was never stored', async () => {
    const { app } = create(serve, (req, res) => req.session.reload((err: Error) => res.end(err.message)))
    expect((await app.get()).text).toBe('failed to load session')
  })

  it('passes the store’s error to its callback', async () => {
    const { app, store } = create(serve, (req, res) => {
      store.fail('get', new Error('away'))
      req.session.reload((err: Error) => res.end(err.message))
    })
    expect((await app.get('/', COOKIE)).text).toBe('away')
  })

  it('returns the session when it gets a callback', async () => {
    const { app } = create(serve, (req, res) => {
      const before = req.session
      const returned = before.reload(() => res.end(String((returned as unknown) === before)))
    })
    expect((await app.get('/', COOKIE)).text).toBe('true')
  })

  it('returns a promise without a callback', async () => {
    const { app, store } = create(serve, async (req, res) => {
      store.put('a', record({ value: 'theirs' }))
      await req.session.reload()
      const said = String(req.session.value)
      store.records.clear()
      const err = await req.session.reload().catch((err: Error) => err)
      res.end(`${said}, ${(err as Error).message}`)
    })
    expect((await app.get('/', COOKIE)).text).toBe('theirs, failed to load session')
  })

  it('keeps the expiry of the record', async () => {
    const stored = recordFor(60_000)
    const { app, store } = create(serve, (req, res) => {
      store.put('a', stored)
      req.session.reload(() => res.end(req.session.cookie.expires?.toISOString()))
    })
    expect((await app.get('/', COOKIE)).text).toBe(stored.cookie.expires)
  })

  it('gives a session that can be saved', async () => {
    const { app, store } = create(serve, (req, res) => {
      req.session.reload(() => {
        req.session.value = 'after'
        res.end()
      })
    })
    await app.get('/', COOKIE)
    expect(store.record('a').value).toBe('after')
  })

  it('causes no write when the reloaded session does not change', async () => {
    const { app, store } = create(serve, (req, res) => {
      req.session.value = 'dropped'
      req.session.reload(() => answer(req, res, () => {}))
    })
    const res = await app.get('/', COOKIE)
    expect(store.methods()).toEqual(['get', 'get', 'touch'])
    expect(setCookies(res)).toEqual([])
  })

  it('may be called on the reloaded session', async () => {
    const { app, store } = create(serve, (req, res) => {
      req.session.reload(() => {
        store.put('a', record({ value: 'third' }))
        req.session.reload(() => res.end(String(req.session.value)))
      })
    })
    expect((await app.get('/', COOKIE)).text).toBe('third')
  })
})

function create(serveWith: typeof serve, layer: Layer) {
  const store = createStore()
  store.put('a', record({ value: 'stored' }))
  return { store, app: serveWith(session({ ...SETTINGS, store }), layer) }
}
