import { describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { cookieOf, readSetCookie, setCookies, signedCookie } from '../support/cookies'
import { answer, countViews } from '../support/handlers'
import { record, recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const NOW = new Date('2030-01-01T00:00:00Z')
const COOKIE = signedCookie('a')

freezeClock(NOW)

describe.each(hosts)('rolling with $name', (host) => {
  it('sends the cookie with its new expiry each time', async () => {
    const app = host.serve(session({ ...SETTINGS, rolling: true, cookie: { maxAge: 60_000 } }), countViews)
    const cookie = cookieOf(await app.get())
    vi.setSystemTime(NOW.getTime() + 30_000)
    const res = await app.get('/', cookie)
    expect(readSetCookie(res)?.attributes.Expires).toBe('Tue, 01 Jan 2030 00:01:30 GMT')
  })
})

describe('rolling', () => {
  it('true sends the cookie of a session that did not change', async () => {
    expect(await cookiesOf({ rolling: true }, record())).toHaveLength(1)
  })

  it('is false by default', async () => {
    expect(await cookiesOf({}, record())).toEqual([])
    expect(await cookiesOf({}, recordFor(60_000))).toEqual([])
  })

  it('true sends no cookie for an empty new session', async () => {
    const res = await serve(session({ ...SETTINGS, rolling: true }), answer).get()
    expect(setCookies(res)).toEqual([])
  })

  it('true sends no cookie after destroy', async () => {
    const store = createStore()
    store.put('a', record())
    const app = serve(session({ ...SETTINGS, store, rolling: true }), (req, res) => {
      req.session.destroy(() => res.end())
    })
    expect(setCookies(await app.get('/', COOKIE))).toEqual([])
  })

  it('false sends the cookie again when a session with an expiry has changed', async () => {
    const store = createStore()
    store.put('a', recordFor(60_000))
    const res = await serve(session({ ...SETTINGS, store }), countViews).get('/', COOKIE)
    expect(setCookies(res)).toHaveLength(1)
  })
})

async function cookiesOf(options: { rolling?: boolean }, stored: object) {
  const store = createStore()
  store.put('a', stored)
  return setCookies(await serve(session({ ...SETTINGS, ...options, store }), answer).get('/', COOKIE))
}
