import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { cookieOf, readSetCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

describe.each(hosts)('the cookie with $name', (host) => {
  it('has Path=/ and HttpOnly and no expiry by default', async () => {
    const res = await host.serve(session(SETTINGS), countViews).get()
    expect(readSetCookie(res)?.attributes).toEqual({ Path: '/', HttpOnly: true })
  })
})

type Row = [name: string, cookie: object, attributes: object]

const rows: Row[] = [
  ['domain', { domain: 'example.com' }, { Domain: 'example.com' }],
  ['httpOnly', { httpOnly: false }, { HttpOnly: undefined }],
  ['httpOnly', { httpOnly: true }, { HttpOnly: true }],
  ['partitioned', { partitioned: true }, { Partitioned: true }],
  ['partitioned', { partitioned: false }, { Partitioned: undefined }],
  ['path', { path: '/' }, { Path: '/' }],
  ['priority', { priority: 'low' }, { Priority: 'Low' }],
  ['priority', { priority: 'medium' }, { Priority: 'Medium' }],
  ['priority', { priority: 'high' }, { Priority: 'High' }],
  ['sameSite', { sameSite: true }, { SameSite: 'Strict' }],
  ['sameSite', { sameSite: false }, { SameSite: undefined }],
  ['sameSite', { sameSite: 'strict' }, { SameSite: 'Strict' }],
  ['sameSite', { sameSite: 'lax' }, { SameSite: 'Lax' }],
  ['sameSite', { sameSite: 'none' }, { SameSite: 'None' }],
  ['secure', { secure: false }, { Secure: undefined }],
  ['signed', { signed: false }, { Path: '/', HttpOnly: true }],
  ['encode', { encode: (value: string) => value }, { Path: '/', HttpOnly: true }],
]

describe.each(rows)('cookie.%s in %o', (_name, cookie, attributes) => {
  it('is written to Set-Cookie', async () => {
    const res = await serve(session({ ...SETTINGS, cookie }), countViews).get()
    const defaults = { Path: '/', HttpOnly: true }
    expect(readSetCookie(res)?.attributes).toEqual(withoutUndefined({ ...defaults, ...attributes }))
  })

  it('is stored in the record', async () => {
    const store = createStore()
    const res = await serve(session({ ...SETTINGS, store, cookie }), countViews).get()
    const { encode: _encode, signed: _signed, ...kept } = cookie as { encode?: unknown; signed?: unknown }
    expect(store.record(readSetCookie(res)?.sid).cookie).toEqual({
      originalMaxAge: null,
      expires: null,
      httpOnly: true,
      path: '/',
      ...kept,
    })
  })

  it('lets the next request find its session', async () => {
    const app = serve(session({ ...SETTINGS, cookie }), countViews)
    expect((await app.get('/', cookieOf(await app.get()))).text).toBe('2')
  })
})

describe('req.session.cookie', () => {
  it('changes the cookie of this response', async () => {
    const app = serve(session(SETTINGS), (req, res) => {
      req.session.user = 'ann'
      req.session.cookie.httpOnly = false
      req.session.cookie.domain = 'example.com'
      res.end()
    })
    expect(readSetCookie(await app.get())?.attributes).toEqual({ Domain: 'example.com', Path: '/' })
  })
})

describe('a cookie attribute that is invalid in Set-Cookie', () => {
  it.each(hosts)(
    'passes an error to the error handler and sends the response unchanged with $name',
    async (host) => {
      const app = host.serve(session(SETTINGS), (req, res) => {
        req.session.user = 'ann'
        req.session.cookie.domain = 'not a\ndomain'
        res.end('ok')
      })
      const res = await app.get()
      expect([res.status, res.text]).toEqual([200, 'ok'])
      expect(app.errors.map((err) => err.message)).toEqual(['option domain is invalid'])
    },
  )
})

function withoutUndefined(object: object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
