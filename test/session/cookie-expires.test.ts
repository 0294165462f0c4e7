import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { readSetCookie, setCookies } from '../support/cookies'
import { countViews } from '../support/handlers'
import { compare } from '../support/implementations'
import { libraries } from '../support/libraries'
import { SETTINGS } from '../support/settings'

const NOW = new Date('2030-01-01T00:00:00Z')
const HOUR = 3_600_000

freezeClock(NOW)

describe('cookie.expires', () => {
  it('is the time at which the cookie expires', async () => {
    const expires = new Date(NOW.getTime() + HOUR)
    const res = await serve(session({ ...SETTINGS, cookie: { expires } }), countViews).get()
    expect(readSetCookie(res)?.attributes.Expires).toBe('Tue, 01 Jan 2030 01:00:00 GMT')
  })

  it('can be set on the session', async () => {
    const app = serve(session(SETTINGS), (req, res) => {
      req.session.user = 'ann'
      req.session.cookie.expires = new Date(NOW.getTime() + HOUR)
      res.end()
    })
    expect(readSetCookie(await app.get())?.attributes.Expires).toBe('Tue, 01 Jan 2030 01:00:00 GMT')
  })

  it('is copied from the options for each session', async () => {
    const isShared = await compare(async (session) => {
      const expires = new Date(NOW.getTime() + HOUR)
      const app = serve(session({ ...SETTINGS, cookie: { expires } }), (req, res) => {
        req.session.cookie.expires?.setUTCFullYear(2040)
        res.end()
      })
      await app.get()
      return expires.getUTCFullYear() === 2040
    })
    expect(isShared).toEqual({ ours: false, upstream: true })
  })

  it.each(libraries)(
    'is an error at each request for an invalid Date in the options, with $library',
    async ({ session }) => {
      const app = serve(
        session({ ...SETTINGS, cookie: { expires: new Date(Number.NaN) } }) as never,
        countViews,
      )
      const response = await app.get()
      expect([response.status, setCookies(response)]).toEqual([200, []])
      await expect
        .poll(() => app.errors.map(({ message }) => message))
        .toEqual([expect.stringMatching(/expires/)])
    },
  )

  it.each(hosts)(
    'passes an error to the error handler at each request when a function gives an invalid Date with $name',
    async (host) => {
      const cookie = () => ({ expires: new Date(Number.NaN) })
      const app = host.serve(session({ ...SETTINGS, cookie }), countViews)
      const res = await app.get()
      expect([res.status, res.text, setCookies(res)]).toEqual([200, '1', []])
      expect(app.errors.map((err) => err.message)).toEqual(['option expires is invalid'])
    },
  )

  it.each(hosts)(
    'passes an error to the error handler when an invalid Date is set on the session with $name',
    async (host) => {
      const app = host.serve(session(SETTINGS), (req, res, next) => {
        req.session.cookie.expires = new Date(Number.NaN)
        countViews(req, res, next)
      })
      const res = await app.get()
      expect([res.status, res.text, setCookies(res)]).toEqual([200, '1', []])
      expect(app.errors.map((err) => err.message)).toEqual(['option expires is invalid'])
    },
  )
})
