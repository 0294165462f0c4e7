import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, nodeHost, serve } from '../support/app'
import { readSetCookie, signedCookie } from '../support/cookies'
import { compare, ours, type SessionModule } from '../support/implementations'
import { crashesOf, outcome } from '../support/outcome'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const HOUR = 3_600_000
const COOKIE = signedCookie('a')
const soon = () => new Date(Date.now() + HOUR).toISOString()

/** Fields of a stored cookie, one wrong value each. */
const FIELDS: Record<string, unknown[]> = {
  originalMaxAge: [{ a: 1 }, [], [5], true, '60000', '', 'text', 1e308, -1e308],
  expires: ['never', '', 5e15, 1e300, {}, [], true],
  _expires: ['never', 5, {}, true],
  maxAge: ['text', {}, true, 1e308],
  path: [5, {}, [], ['/'], true, '/;a', '/\n', '\u0000', 'é'],
  domain: [5, {}, [], true, 'a;b', 'a\r\nSet-Cookie: b=c', 'a:80', 'é'],
  secure: ['', 0, null],
  httpOnly: [5, {}, [], 'yes'],
  sameSite: ['auto', 'other', 5, {}, []],
  priority: ['urgent', 5, {}, [], true],
  partitioned: [5, {}, 'yes'],
  data: [1],
  serialize: [1],
  toJSON: [1],
  toString: [1],
  constructor: [1],
  hasOwnProperty: [1],
}

const odd = Object.entries(FIELDS).flatMap(([field, values]) =>
  values.map((value) => JSON.stringify({ originalMaxAge: HOUR, expires: soon(), path: '/', [field]: value })),
)

/** Does all that a cookie has to do, in the request and later. */
const useCookie: Layer = (req, res) => {
  const { session } = req
  session.views = (session.views ?? 0) + 1
  session.touch()
  setImmediate(() => {
    session.touch()
    session.save((err: unknown) => res.end(err ? 'save failed' : `${session.views}`))
  })
}

describe.each([...odd, '[]', '[1,"a"]', '{}'])('a record with the cookie %s', (cookie) => {
  it('is a session that can be touched, saved and sent, again and again', async () => {
    const store = createStore()
    store.records.set('a', `{"views":5,"cookie":${cookie}}`)
    const crashes = await crashesOf(async () => {
      const app = nodeHost.serve(session({ ...SETTINGS, store, rolling: true }), useCookie)
      for (const views of ['6', '7']) {
        const res = await app.get('/', COOKIE)
        expect([res.status, res.text]).toEqual([200, views])
        expect(readSetCookie(res)?.sid).toBe('a')
      }
      expect(app.errors).toEqual([])
    })
    expect(crashes).toEqual([])
  })

  it('is the same session in the MemoryStore', async () => {
    const store = new ours.MemoryStore()
    store.set('a', JSON.parse(`{"views":5,"cookie":${cookie}}`))
    const app = serve(session({ ...SETTINGS, store, rolling: true }), useCookie)
    for (const views of ['6', '7']) expect((await app.get('/', COOKIE)).text).toBe(views)
    expect(app.errors).toEqual([])
  })
})

describe('a stored originalMaxAge', () => {
  const bodies = (implementation: SessionModule, originalMaxAge: unknown) => {
    const store = createStore(implementation)
    store.put('a', { cookie: { originalMaxAge, expires: soon(), path: '/' } })
    const app = nodeHost.serve(implementation({ ...SETTINGS, store }), (req, res) => {
      res.end(String(req.session.cookie.originalMaxAge))
    })
    return outcome(implementation, app.get('/', COOKIE))
  }

  it('that is an object makes express-session fail, and here is counted from the expiry', async () => {
    const { ours, upstream } = await compare((implementation) => bodies(implementation, { a: 1 }))
    expect(Number(ours.replace('200 ', ''))).toBeGreaterThan(HOUR - 60_000)
    expect(upstream).toMatch(/^500 |no response/)
  })

  it('that is the text of a number is that number', async () => {
    const { ours, upstream } = await compare((implementation) => bodies(implementation, '60000'))
    expect(ours).toBe('200 60000')
    expect(upstream).toMatch(/^500 |no response/)
  })
})

describe('a record without a cookie', () => {
  it.each(hosts)('stays an error for the error handler with $name', async (host) => {
    const store = createStore()
    store.records.set('a', '{"views":5}')
    const app = host.serve(session({ ...SETTINGS, store }), useCookie)
    expect((await app.get('/', COOKIE)).text).toMatch(/^Cannot read prop/)
  })
})
