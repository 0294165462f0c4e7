import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, nodeHost, serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { answer, countViews } from '../support/handlers'
import { compare } from '../support/implementations'
import { crashesOf, outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe.each(['cookie', 'expires'] as const)('a record whose property %s throws when it is read', (name) => {
  it.each(hosts)('passes an error to the error handler with $name', async (host) => {
    const broken = (of: object) =>
      Object.defineProperty(of, name, {
        enumerable: true,
        get() {
          throw new Error('corrupt column')
        },
      })
    const get = (_sid: string, done: (err: null, record: object) => void) =>
      setImmediate(() => done(null, name === 'cookie' ? broken({}) : { cookie: broken({}) }))
    const app = host.serve(session({ ...SETTINGS, store: Object.assign(createStore(), { get }) }), countViews)
    const res = await app.get('/', COOKIE)
    expect([res.status, res.text]).toEqual([500, 'corrupt column'])
  })
})

const shapes = [
  '"text"',
  '5',
  'true',
  '[]',
  '[1]',
  '{}',
  '{"cookie":null}',
  '{"cookie":"text"}',
  '{"cookie":5}',
  '{"cookie":true}',
  '{"cookie":[]}',
  '{"cookie":{}}',
  '{"cookie":{"expires":"never"}}',
  '{"cookie":{"expires":{}}}',
  '{"cookie":{"expires":[]}}',
  '{"cookie":{"expires":true}}',
  '{"cookie":{"expires":1e300}}',
  '{"cookie":{"originalMaxAge":"text"}}',
  '{"cookie":{"originalMaxAge":{}}}',
  '{"cookie":{"originalMaxAge":1e300}}',
  '{"cookie":{"maxAge":"text"}}',
  '{"cookie":{"path":5,"domain":{},"sameSite":[],"priority":7}}',
  '{"cookie":{"data":1,"serialize":1,"toJSON":1,"_expires":"x"}}',
  '{"cookie":{"path":"/"},"req":1,"id":2,"save":3,"touch":4,"cookies":5}',
  '{"cookie":{"path":"/"},"toJSON":1,"then":2}',
]

const falsy = ['null', '0', 'false', '""']

describe.each(shapes)('a record %s', (json) => {
  it.each(hosts)('gets a response and runs the handler at most once with $name', async (host) => {
    let runs = 0
    const handler: Layer = (req, res, next) => {
      runs++
      countViews(req, res, next)
    }
    const app = host.serve(session({ ...SETTINGS, store: seeded(json), rolling: true }), handler)
    expect(await outcome(session, app.get('/', COOKIE))).toMatch(/^(200 1|500 .+)$/)
    expect(runs).toBeLessThan(2)
  })

  it('does not end the process', async () => {
    const crashes = await crashesOf(async () => {
      const middleware = session({ ...SETTINGS, store: seeded(json), rolling: true })
      await outcome(session, nodeHost.serve(middleware, countViews).get('/', COOKIE))
      await outcome(session, nodeHost.serve(middleware, answer).get('/', COOKIE))
    })
    expect(crashes).toEqual([])
  })

  it('makes reload answer with an error or a session', async () => {
    const store = createStore()
    store.put('a', record())
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      store.records.set('a', json)
      req.session.reload((err: Error | undefined) => res.end(err ? 'error' : 'session'))
    })
    expect(await outcome(session, app.get('/', COOKIE))).toMatch(/^(200 (error|session)|500 .+)$/)
  })
})

describe.each(falsy)('a record %s', (json) => {
  it('starts a new session', async () => {
    const app = serve(session({ ...SETTINGS, store: seeded(json) }), countViews)
    expect(await outcome(session, app.get('/', COOKIE))).toBe('200 1')
  })
})

describe('a record without a cookie', () => {
  it.each(hosts)('passes an error to the error handler with $name', async (host) => {
    const app = host.serve(session({ ...SETTINGS, store: seeded('{"views":5}') }), countViews)
    const res = await app.get('/', COOKIE)
    expect(res.status).toBe(500)
    expect(res.text).toMatch(/^Cannot read prop/)
    expect(app.errors).toHaveLength(1)
  })
})

describe('a record without an originalMaxAge', () => {
  it.each([
    ['an expiry', { expires: '2099-01-01T00:00:00.000Z' }],
    ['no expiry', {}],
  ])('is stored again and answered as express-session does, with %s', async (_what, expiry) => {
    const seen = await compare(async (session) => {
      const store = createStore(session)
      store.put('a', { views: 5, cookie: { path: '/', httpOnly: true, ...expiry } })
      const app = serve(session({ ...SETTINGS, store, rolling: true }), countViews)
      const res = await app.get('/', COOKIE)
      return [res.text, res.headers['set-cookie'], store.methods(), store.record('a')]
    })
    expect(seen.ours).toEqual(seen.upstream)
    expect(seen.ours.at(-1)).toEqual({ views: 6, cookie: { path: '/', httpOnly: true } })
  })
})

function seeded(json: string) {
  const store = createStore()
  store.records.set('a', json)
  return store
}
