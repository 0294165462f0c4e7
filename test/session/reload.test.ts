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

  it('is an error for an id that the store has no more', async () => {
    const { app, store } = create(host.serve, (req, res) => {
      store.records.clear()
      req.session.reload((err: Error) => res.end(err.message))
    })
    expect((await app.get('/', COOKIE)).text).toBe('failed to load session')
  })
})

describe('reload', () => {
  it('is an error for a session that was never stored', async () => {
    const { app } = create(serve, (req, res) => req.session.reload((err: Error) => res.end(err.message)))
    expect((await app.get()).text).toBe('failed to load session')
  })

  it('tells the callback of the store’s error', async () => {
    const { app, store } = create(serve, (req, res) => {
      store.fail('get', new Error('away'))
      req.session.reload((err: Error) => res.end(err.message))
    })
    expect((await app.get('/', COOKIE)).text).toBe('away')
  })

  it('gives this to who passes a callback', async () => {
    const { app } = create(serve, (req, res) => {
      const before = req.session
      const returned = before.reload(() => res.end(String((returned as unknown) === before)))
    })
    expect((await app.get('/', COOKIE)).text).toBe('true')
  })

  it('gives a promise without a callback', async () => {
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

  it('leaves the expiry as it is stored', async () => {
    const stored = recordFor(60_000)
    const { app, store } = create(serve, (req, res) => {
      store.put('a', stored)
      req.session.reload(() => res.end(req.session.cookie.expires?.toISOString()))
    })
    expect((await app.get('/', COOKIE)).text).toBe(stored.cookie.expires)
  })

  it('keeps the reloaded session savable', async () => {
    const { app, store } = create(serve, (req, res) => {
      req.session.reload(() => {
        req.session.value = 'after'
        res.end()
      })
    })
    await app.get('/', COOKIE)
    expect(store.record('a').value).toBe('after')
  })

  it('lets nothing be written when nothing changed afterwards', async () => {
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
