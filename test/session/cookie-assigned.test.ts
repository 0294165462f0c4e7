import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { setCookies, signedCookie } from '../support/cookies'
import { libraries } from '../support/libraries'
import { crashesOf, outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const values = [
  null,
  undefined,
  5,
  'text',
  {},
  { maxAge: 60_000 },
  { path: '/' },
  new session.Cookie({ maxAge: 60_000 }),
]

describe.each(values.map((value) => ({ value })))('req.session.cookie set to $value', ({ value }) => {
  const assign: Layer = (req, res) => {
    req.session.user = 'bob'
    req.session.cookie = value as never
    res.end('ok')
  }

  it.each(hosts)('does not leave the response hanging or end the process with $name', async (host) => {
    const store = createStore()
    store.put('a', record({ user: 'ann' }))
    const app = host.serve(session({ ...SETTINGS, store, rolling: true }), assign)
    const crashes = await crashesOf(async () => {
      expect(await outcome(session, app.get('/', signedCookie('a')))).toMatch(/^(200 ok|500 .+)$/)
      expect(await outcome(session, app.get('/'))).toMatch(/^(200 ok|500 .+)$/)
    })
    expect(crashes).toEqual([])
  })
})

it.each(libraries)(
  'a plain object as req.session.cookie sends a cookie without attributes with $library',
  async ({ session }) => {
    const app = serve(session({ ...SETTINGS }) as Layer, (req, res) => {
      req.session.user = 'bob'
      req.session.cookie = { path: '/', maxAge: 5000, originalMaxAge: 5000 } as never
      res.end('ok')
    })
    const response = await app.get('/').expect(200)
    expect(setCookies(response)).toEqual([expect.stringMatching(/^connect\.sid=[^;]+$/)])
  },
)
