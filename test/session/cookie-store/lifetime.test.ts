import { describe, expect, it, vi } from 'vitest'
import { lifetimeOf, readOnly } from '../../../src'
import { type Layer, type Req, serve } from '../../support/app'
import { freezeClock } from '../../support/clock'
import { cookieSession, serveCookieApp } from '../../support/cookie-app'
import { cookieOf, readSetCookie, setCookies } from '../../support/cookies'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

freezeClock(START)

/** '/login' logs in, '/poll' is read-only, and all answer with the user. */
const answerUser: Layer = (req, res) => {
  if (req.url === '/login') req.session.user = 'ada'
  if (req.url === '/poll') readOnly(req)
  if (req.url === '/change') req.session.value = Date.now()
  res.end(req.session.user ?? 'nobody')
}

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

/** A browser that has logged in: it keeps what the responses set. */
async function logIn(...options: Parameters<typeof cookieSession>) {
  const { get } = serve(cookieSession(...options), answerUser)
  let cookie = cookieOf(await get('/login'))
  return async (path = '/') => {
    const response = await get(path, cookie)
    const set = readSetCookie(response)
    if (set) cookie = set.pair
    return { user: response.text, isSent: set !== undefined, expires: set?.attributes.Expires }
  }
}

describe('a session in the cookie', () => {
  it('ends with cookie.maxAge, counted from when it was last sent, even if the browser keeps the cookie', async () => {
    const visit = await logIn({ cookie: { maxAge: HOUR } })
    pass(HOUR - 1)
    expect(await visit()).toEqual({ user: 'ada', isSent: false, expires: undefined })
    pass(1)
    expect((await visit()).user).toBe('nobody')
  })

  it('starts its maxAge again when it changes, and at each response with rolling', async () => {
    const visit = await logIn({ cookie: { maxAge: HOUR } })
    pass(HOUR / 2)
    expect(await visit('/change')).toMatchObject({ isSent: true, expires: 'Thu, 01 Jan 2026 01:30:00 GMT' })
    const roll = await logIn({ rolling: true, cookie: { maxAge: HOUR } })
    for (let i = 0; i < 3; i++) {
      pass(HOUR - 1)
      expect(await roll()).toMatchObject({ user: 'ada', isSent: true })
    }
  })

  it('ends after the ttl of the store if its cookie has no expiry, and is renewed while it is used', async () => {
    const visit = await logIn({}, { ttl: 10 * HOUR })
    pass(HOUR - 1)
    expect((await visit()).isSent).toBe(false)
    pass(1)
    expect(await visit()).toEqual({ user: 'ada', isSent: true, expires: undefined })
    pass(10 * HOUR - 1)
    expect((await visit()).user).toBe('ada')
    pass(10 * HOUR)
    expect((await visit()).user).toBe('nobody')
  })

  it('lasts a day without an expiry by default', async () => {
    const visit = await logIn()
    pass(DAY - 1)
    expect((await visit('/poll')).user).toBe('ada')
    pass(1)
    expect((await visit('/poll')).user).toBe('nobody')
  })

  it('ends after idleTimeout without a request, and each request sends it anew', async () => {
    const visit = await logIn({ idleTimeout: HOUR })
    for (let i = 0; i < 3; i++) {
      pass(HOUR - 1)
      expect(await visit()).toEqual({ user: 'ada', isSent: true, expires: undefined })
    }
    pass(HOUR)
    expect((await visit()).user).toBe('nobody')
  })

  it('is not extended by read-only requests', async () => {
    const visit = await logIn({ idleTimeout: HOUR })
    pass(HOUR - 1)
    expect(await visit('/poll')).toMatchObject({ user: 'ada', isSent: false })
    pass(1)
    expect((await visit()).user).toBe('nobody')
  })

  it('ends after absoluteTimeout, also in a cookie that was sealed without it', async () => {
    const visit = await logIn({ absoluteTimeout: 2 * HOUR, idleTimeout: HOUR })
    for (let i = 0; i < 3; i++) {
      pass(HOUR / 2)
      expect((await visit()).user).toBe('ada')
    }
    pass(HOUR / 2)
    expect(await visit()).toMatchObject({ user: 'nobody', isSent: false })

    const old = cookieOf(await serveCookieApp({}, answerUser).get('/login'))
    const { get } = serveCookieApp({ absoluteTimeout: HOUR }, answerUser)
    const first = await get('/', old)
    expect(first.text).toBe('ada')
    pass(HOUR)
    expect((await get('/', cookieOf(first))).text).toBe('nobody')
  })

  it('is sent at most once in touchAfter if nothing changes, also by another process', async () => {
    const options = { idleTimeout: HOUR, touchAfter: MINUTE }
    const visit = await logIn(options)
    pass(MINUTE - 1)
    expect([(await visit()).isSent, (await visit('/change')).isSent, (await visit()).isSent]).toEqual([
      false,
      true,
      false,
    ])
    pass(MINUTE)
    expect([(await visit()).isSent, (await visit()).isSent]).toEqual([true, false])

    const cookie = cookieOf(await serveCookieApp(options, answerUser).get('/login'))
    pass(MINUTE - 1)
    expect(setCookies(await serveCookieApp(options, answerUser).get('/', cookie))).toEqual([])
    pass(1)
    expect(setCookies(await serveCookieApp(options, answerUser).get('/', cookie))).toHaveLength(1)
  })

  it('keeps a lifetime that the application has given it', async () => {
    const remember: Layer = (req, res) => {
      if (req.url === '/login') req.session.user = 'ada'
      if (req.url === '/remember') req.session.cookie.maxAge = 30 * DAY
      res.end(`${req.session.user} ${req.session.cookie.originalMaxAge}`)
    }
    const { get } = serveCookieApp({ cookie: { maxAge: HOUR } }, remember)
    const response = await get('/remember', cookieOf(await get('/login')))
    expect(readSetCookie(response)?.attributes.Expires).toBe('Sat, 31 Jan 2026 00:00:00 GMT')
    pass(29 * DAY)
    expect((await get('/', cookieOf(response))).text).toBe(`ada ${30 * DAY}`)
  })

  it('tells its lifetime', async () => {
    const ends: Layer = (req, res) => {
      if (req.url === '/login') req.session.user = 'ada'
      res.end(JSON.stringify(lifetimeOf(req as Req)))
    }
    const { get } = serveCookieApp({ idleTimeout: HOUR, absoluteTimeout: DAY }, ends)
    const cookie = cookieOf(await get('/login'))
    pass(MINUTE)
    expect(JSON.parse((await get('/', cookie)).text)).toEqual({
      created: '2026-01-01T00:00:00.000Z',
      idleEnds: '2026-01-01T01:01:00.000Z',
      absoluteEnds: '2026-01-02T00:00:00.000Z',
    })
  })
})
