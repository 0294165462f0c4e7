import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { cookieOf, sidOf, signedCookie } from '../support/cookies'
import { countViews, show } from '../support/handlers'
import { compare, upstream } from '../support/implementations'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe('store.regenerate', () => {
  it.each(hosts)('destroys the session of the request and gives it a new one with $name', async (host) => {
    const store = seeded()
    const app = host.serve(session({ ...SETTINGS, store }), (req, res) => {
      req.sessionStore.regenerate(req as never, () => {
        req.session.user = 'bob'
        res.end(req.sessionID)
      })
    })
    const res = await app.get('/', COOKIE)
    expect(store.calls).toEqual(['get a', 'destroy a', `set ${res.text}`])
    expect((await app.get('/', cookieOf(res))).status).toBe(200)
  })
})

describe('store.createSession', () => {
  it('creates the session of a request from a record', async () => {
    const app = serve(session({ ...SETTINGS, store: seeded() }), (req, res) => {
      const made = req.sessionStore.createSession(req as never, recordFor(60_000, { user: 'bob' }) as never)
      const { cookie } = made
      res.end(
        `${(made as unknown) === req.session} ${req.session.user} ${cookie.expires instanceof Date} ${cookie.originalMaxAge}`,
      )
    })
    expect((await app.get('/', COOKIE)).text).toBe('true bob true 60000')
  })

  it('of npm’s express-session works as well', async () => {
    const store = createStore(upstream)
    store.put('a', record({ views: 5 }))
    const app = serve(session({ ...SETTINGS, store }), countViews)
    expect((await app.get('/', COOKIE)).text).toBe('6')
    expect((await app.get('/', COOKIE)).text).toBe('7')
  })

  it('of npm’s express-session gives a session whose methods return promises', async () => {
    const store = createStore(upstream)
    store.put('a', record({ user: 'ann' }))
    const app = serve(session({ ...SETTINGS, store }), async (req, res) => {
      await req.session.reload()
      await req.session.regenerate()
      req.session.user = 'bob'
      await req.session.save()
      res.end(String(req.session instanceof session.Session))
    })
    const res = await app.get('/', COOKIE)
    expect(res.text).toBe('true')
    expect(store.record(sidOf(res)).user).toBe('bob')
  })
})

describe('store.load', () => {
  it('reads a session without a request, to be changed and saved', async () => {
    const store = seeded()
    const loaded = await load(store, 'a')
    expect(loaded).toMatchObject({ id: 'a', user: 'ann' })
    Object.assign(loaded as object, { user: 'bob' })
    await (loaded as { save(): Promise<void> }).save()
    expect(store.record('a').user).toBe('bob')
  })

  it('gives undefined for an unknown id', async () => {
    expect(await load(seeded(), 'other')).toBeUndefined()
  })

  it('gives undefined for an expired record whose expiry no touch can have moved', async () => {
    const store = Object.assign(seeded(), { touch: undefined as never })
    store.put('old', recordFor(-1))
    expect(await load(store, 'old')).toBeUndefined()
  })

  it('passes the store’s error to its callback', async () => {
    const store = seeded()
    store.fail('get', new Error('away'))
    await expect(load(store, 'a')).rejects.toThrow('away')
  })

  it('passes an error to its callback for a corrupt record', async () => {
    const store = seeded()
    store.records.set('a', '{}')
    await expect(load(store, 'a')).rejects.toThrow(/^Cannot read prop/)
  })
})

describe('a store that is disconnected', () => {
  it.each(hosts)('gives the request no session and no error with $name', async (host) => {
    const store = seeded()
    const app = host.serve(
      session({ ...SETTINGS, store }),
      show((req) => [!req.session, !req.sessionStore]),
    )
    store.emit('disconnect')
    expect((await app.get('/', COOKIE)).text).toBe('[true,true]')
    expect([store.calls, app.errors]).toEqual([[], []])
    store.emit('connect')
    expect((await app.get('/', COOKIE)).text).toBe('[false,false]')
  })

  it('gives the request the same properties in both implementations', async () => {
    const seen = await compare(async (session) => {
      const store = createStore(session)
      const app = serve(
        session({ ...SETTINGS, store }),
        show((req) => Object.keys(req).filter((key) => /^session/.test(key))),
      )
      store.emit('disconnect')
      return (await app.get('/', COOKIE)).text
    })
    expect(seen).toEqual({ ours: '[]', upstream: '[]' })
  })
})

function load(store: ReturnType<typeof createStore>, sid: string) {
  return new Promise((resolve, reject) => {
    store.load(sid, (err: unknown, loaded?: unknown) => (err ? reject(err) : resolve(loaded)))
  })
}

function seeded() {
  const store = createStore()
  store.put('a', record({ user: 'ann' }))
  return store
}
