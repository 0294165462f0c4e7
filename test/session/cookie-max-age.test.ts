import { describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { cookieOf, readSetCookie, sidOf, signedCookie } from '../support/cookies'
import { answer, countViews, show } from '../support/handlers'
import { compare } from '../support/implementations'
import { recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const NOW = new Date('2030-01-01T00:00:00Z')
const HOUR = 3_600_000

freezeClock(NOW)

describe.each(hosts)('cookie.maxAge with $name', (host) => {
  it('sets the expiry of the cookie and of the record', async () => {
    const store = createStore()
    const app = host.serve(session({ ...SETTINGS, store, cookie: { maxAge: HOUR } }), countViews)
    const res = await app.get()
    expect(readSetCookie(res)?.attributes.Expires).toBe('Tue, 01 Jan 2030 01:00:00 GMT')
    expect(store.record(sidOf(res)).cookie).toEqual({
      originalMaxAge: HOUR,
      expires: '2030-01-01T01:00:00.000Z',
      httpOnly: true,
      path: '/',
    })
  })

  it('ends the session when it has passed', async () => {
    const app = host.serve(session({ ...SETTINGS, cookie: { maxAge: HOUR } }), countViews)
    const cookie = cookieOf(await app.get())
    vi.setSystemTime(NOW.getTime() + HOUR - 1)
    expect((await app.get('/', cookie)).text).toBe('2')
    vi.setSystemTime(NOW.getTime() + 2 * HOUR)
    expect((await app.get('/', cookie)).text).toBe('1')
  })
})

describe('cookie.maxAge', () => {
  it('restarts with each request', async () => {
    const store = createStore()
    store.put('a', recordFor(HOUR))
    vi.setSystemTime(NOW.getTime() + HOUR / 2)
    await serve(session({ ...SETTINGS, store }), answer).get('/', signedCookie('a'))
    expect(store.record('a').cookie.expires).toBe('2030-01-01T01:30:00.000Z')
  })

  it('gives the remaining time when it is read', async () => {
    const store = createStore()
    store.put('a', recordFor(HOUR))
    vi.setSystemTime(NOW.getTime() + HOUR / 4)
    const app = serve(
      session({ ...SETTINGS, store }),
      show(({ session: { cookie } }) => cookie.maxAge),
    )
    expect((await app.get('/', signedCookie('a'))).text).toBe(String((HOUR * 3) / 4))
  })

  it('keeps its original value after many touches', async () => {
    const original = await compare(async (session) => {
      const store = createStore(session)
      store.put('a', recordFor(HOUR))
      const app = serve(session({ ...SETTINGS, store }), (req, res) => {
        const clock = vi.spyOn(Date, 'now')
        for (let i = 0; i < 10; i++) {
          // Each reading of the clock gives a later time, as a real clock may.
          clock.mockImplementation(() => NOW.getTime() + clock.mock.calls.length)
          req.session.touch()
        }
        clock.mockRestore()
        res.end()
      })
      await app.get('/', signedCookie('a'))
      return store.record('a').cookie.originalMaxAge === HOUR
    })
    expect(original).toEqual({ ours: true, upstream: false })
  })

  it('is sent and saved when nothing else was changed', async () => {
    const seen = await compare(async (session) => {
      const store = createStore(session)
      store.put('a', recordFor(HOUR, { user: 'ann' }))
      const app = serve(session({ ...SETTINGS, store }), (req, res) => {
        req.session.cookie.maxAge = 30 * 24 * HOUR
        res.end()
      })
      const res = await app.get('/', signedCookie('a'))
      const { originalMaxAge } = store.record('a').cookie
      return { sent: readSetCookie(res)?.attributes.Expires, originalMaxAge }
    })
    expect(seen.ours).toEqual({ sent: 'Thu, 31 Jan 2030 00:00:00 GMT', originalMaxAge: 30 * 24 * HOUR })
    expect(seen.upstream.sent).toBeUndefined()
  })

  it('can be set to null, so that the cookie has no expiry', async () => {
    const store = createStore()
    store.put('a', recordFor(HOUR))
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      req.session.cookie.maxAge = null
      req.session.user = 'ann'
      res.end()
    })
    await app.get('/', signedCookie('a'))
    expect(store.record('a').cookie).toMatchObject({ originalMaxAge: null, expires: null })
  })

  it.each([0, -1, -60_000])('of %s ends the session at once', async (maxAge) => {
    const app = serve(session({ ...SETTINGS, cookie: { maxAge } }), countViews)
    const first = await app.get()
    expect(new Date(String(readSetCookie(first)?.attributes.Expires)).getTime()).toBeLessThanOrEqual(
      NOW.getTime(),
    )
    expect((await app.get('/', cookieOf(first))).text).toBe('1')
  })

  it.each([{ maxAge: Number.NaN }, { maxAge: Infinity }, { maxAge: '60000' }, { maxAge: {} }])(
    'is a TypeError that names the option: $maxAge',
    ({ maxAge }) => {
      const create = () => session({ ...SETTINGS, cookie: { maxAge: maxAge as number } })
      expect(create).toThrow(TypeError)
      expect(create).toThrow(/maxAge .*must/)
    },
  )
})
