import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { cookieOf, sidOf, signedCookie } from '../support/cookies'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe.each(hosts)('save with $name', (host) => {
  it('writes the session before its callback runs', async () => {
    const { app } = create(host.serve, (req, res) => {
      req.session.value = 'new'
      req.session.save((err: Error | undefined) => res.end(`${err ?? 'saved'} ${stored(req.sessionStore)}`))
    })
    expect((await app.get('/', COOKIE)).text).toBe('saved new')
  })

  it('saves a new session under the id of its cookie', async () => {
    const { app, store } = create(host.serve, (req, res) => {
      req.session.value = 'new'
      req.session.save(() => res.end())
    })
    const res = await app.get()
    expect(store.calls).toEqual([`set ${sidOf(res)}`])
    await app.get('/', cookieOf(res))
    expect(store.methods()).toEqual(['set', 'get', 'set', 'touch'])
  })
})

describe('save', () => {
  it('returns the session when it gets a callback', async () => {
    const { app } = create(serve, (req, res) => {
      const { session } = req
      const returned = session.save(() => res.end(String((returned as unknown) === session)))
    })
    expect((await app.get('/', COOKIE)).text).toBe('true')
  })

  it('returns a promise that waits for the store without a callback', async () => {
    const { app } = create(serve, async (req, res) => {
      req.session.value = 'new'
      await req.session.save()
      res.end(stored(req.sessionStore))
    })
    expect((await app.get('/', COOKIE)).text).toBe('new')
  })

  it('passes the store’s error to its callback', async () => {
    const { app, store } = create(serve, (req, res) => req.session.save((err: Error) => res.end(err.message)))
    store.fail('set', new Error('full'))
    expect((await app.get('/', COOKIE)).text).toBe('full')
  })

  it('rejects the promise with the store’s error', async () => {
    const { app, store } = create(serve, async (req, res) => {
      const err = await req.session.save().catch((err: Error) => err)
      res.end((err as Error).message)
    })
    store.fail('set', new Error('full'))
    expect((await app.get('/', COOKIE)).text).toBe('full')
  })

  it('may be called twice', async () => {
    const { app, store } = create(serve, (req, res) => {
      req.session.value = 'one'
      req.session.save(() => {
        req.session.value = 'two'
        req.session.save(() => res.end())
      })
    })
    await app.get('/', COOKIE)
    expect(store.methods()).toEqual(['get', 'set', 'set', 'touch'])
    expect(store.record('a').value).toBe('two')
  })

  it('passes the store an extensible session with a Cookie object', async () => {
    let seen: unknown[] = []
    const store = Object.assign(createStore(), {
      set(
        _sid: string,
        sess: { cookie: { expires: unknown; maxAge: unknown; originalMaxAge: unknown } },
        done: () => void,
      ) {
        const { expires, maxAge, originalMaxAge } = sess.cookie
        seen = [Object.isExtensible(sess), expires instanceof Date, typeof maxAge, originalMaxAge]
        done()
      },
    })
    const app = serve(
      session({ ...SETTINGS, store: store as never, cookie: { maxAge: 60_000 } }),
      (req, res) => {
        req.session.save(() => res.end())
      },
    )
    await app.get()
    expect(seen).toEqual([true, true, 'number', 60_000])
  })
})

function stored(store: unknown): string {
  return (store as ReturnType<typeof createStore>).record('a').value
}

function create(serveWith: typeof serve, layer: Layer) {
  const store = createStore()
  store.put('a', record({ value: 'old' }))
  return { store, app: serveWith(session({ ...SETTINGS, store }), layer) }
}
