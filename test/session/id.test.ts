import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { readSetCookie, sidOf, signedCookie } from '../support/cookies'
import { countViews, show } from '../support/handlers'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const EAGER = { ...SETTINGS, saveUninitialized: true }

describe.each(hosts)('req.session.id with $name', (host) => {
  it('is req.sessionID and the id in the cookie', async () => {
    const app = host.serve(
      session(EAGER),
      show((req) => [req.session.id, req.sessionID]),
    )
    const res = await app.get()
    expect(JSON.parse(res.text)).toEqual([sidOf(res), sidOf(res)])
  })

  it('is the id that the client sent', async () => {
    const app = host.serve(
      session({ ...SETTINGS, store: seeded() }),
      show((req) => [req.session.id, req.sessionID]),
    )
    expect((await app.get('/', signedCookie('a'))).text).toBe('["a","a"]')
  })
})

describe('req.session.id', () => {
  it('is not enumerable, not stored and read-only', async () => {
    const store = createStore()
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      req.session.value = 1
      const isChanged = Reflect.set(req.session, 'id', 'other')
      res.end(`${Object.keys(req.session).sort()} ${isChanged}`)
    })
    const res = await app.get()
    expect(res.text).toBe('cookie,value false')
    expect(store.record(sidOf(res))).not.toHaveProperty('id')
  })
})

describe('req.session.req', () => {
  it('is the request, and is not enumerable', async () => {
    const app = serve(session(SETTINGS), (req, res) => {
      const { req: own } = req.session as unknown as { req: unknown }
      res.end(`${own === req} ${Object.keys(req.session).includes('req')}`)
    })
    expect((await app.get()).text).toBe('true false')
  })
})

describe('req.sessionID', () => {
  it.each([undefined, null, 5, {}])('sends no cookie and writes nothing when it is set to %j', async (id) => {
    const store = seeded()
    const change: Layer = (req, res, next) => {
      req.sessionID = id as never
      countViews(req, res, next)
    }
    const res = await serve(session({ ...SETTINGS, store, rolling: true }), change).get(
      '/',
      signedCookie('a'),
    )
    expect([res.text, readSetCookie(res), store.methods()]).toEqual(['1', undefined, ['get']])
  })
})

function seeded() {
  const store = createStore()
  store.put('a', record())
  return store
}
