import { describe, expect, it } from 'vitest'
import { updateSession } from '../../../src'
import { hosts, type Layer, type Req } from '../../support/app'
import { cookieSession, serveCookieApp } from '../../support/cookie-app'
import { cookieOf, setCookies } from '../../support/cookies'

const LATE = 'ERR_SESSION_HEADERS_SENT'

/** The code of the error that the promise is rejected with. */
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (err) => err.code,
  )

const codes = (errors: Error[]) => errors.map((err) => (err as { code?: string }).code)

describe.each(hosts)('a change of a session in the cookie, with $name', ({ serve }) => {
  it('is sent with a streamed response if it comes before the first byte', async () => {
    const app = serve(cookieSession(), (req, res) => {
      req.session.user = 'ada'
      res.write('a')
      setTimeout(() => res.end('b'), 5)
    })
    const response = await app.get()
    expect([response.text, setCookies(response).length, app.errors]).toEqual(['ab', 1, []])
  })

  it('is an error if it comes after the headers: the response is whole, and next gets the error after it', async () => {
    const app = serve(cookieSession(), (req, res) => {
      res.write('a')
      setTimeout(() => {
        req.session.user = 'ada'
        res.end('b')
      }, 5)
    })
    const response = await app.get()
    await expect.poll(() => codes(app.errors)).toEqual([LATE])
    expect([response.text, setCookies(response)]).toEqual(['ab', []])
    expect(app.errors[0]?.message).toMatch(
      /^the session was changed after the headers of the response were sent, so/,
    )
  })

  it('is no error after the headers if it was undone, or if only the expiry would move', async () => {
    const app = serve(cookieSession({ rolling: true, cookie: { maxAge: 60_000 } }), (req, res) => {
      if (req.url === '/login') req.session.user = 'ada'
      res.write('a')
      setTimeout(() => {
        req.session.views = 1
        delete req.session.views
        res.end('b')
      }, 5)
    })
    const login = await app.get('/login')
    const next = await app.get('/', cookieOf(login))
    expect([next.text, setCookies(next).length, app.errors]).toEqual(['ab', 1, []])
  })
})

describe('after the headers', () => {
  it.each<[string, (req: Req) => Promise<unknown>]>([
    ['save', (req) => req.session.save()],
    ['destroy', (req) => req.session.destroy()],
    ['regenerate', (req) => req.session.regenerate()],
    ['regenerate({ keep })', (req) => req.session.regenerate({ keep: true })],
    ['updateSession', (req) => updateSession(req, (draft) => Object.assign(draft, { views: 2 }))],
  ])('%s rejects with a code', async (_name, call) => {
    let answer: unknown
    const { get } = serveCookieApp({}, async (req, res) => {
      if (req.url === '/login') {
        req.session.user = 'ada'
        res.end()
        return
      }
      res.write('a')
      req.session.views = 1
      answer = await codeOf(call(req))
      req.session = { ...req.session } as never
      res.end()
    })
    await get('/', cookieOf(await get('/login')))
    expect(answer).toBe(LATE)
  })

  it('a change cuts the response with failOnSaveError, as a failed save does', async () => {
    const { get, errors } = serveCookieApp({ failOnSaveError: true }, (req, res) => {
      res.write('a'.repeat(100_000))
      setTimeout(() => {
        req.session.user = 'ada'
        res.end('b')
      }, 20)
    })
    await expect(get()).rejects.toThrow('aborted')
    await expect.poll(() => codes(errors)).toEqual([LATE])
  })
})

describe('a request without a response', () => {
  const upgrade = async (cookie?: string) => {
    const req = { headers: { cookie }, url: '/', socket: {} } as never as Req
    await new Promise((resolve) => cookieSession()(req, {} as never, resolve))
    return req
  }

  it('reads the session of a WebSocket upgrade, and cannot save a change', async () => {
    const login: Layer = (req, res) => {
      req.session.user = 'ada'
      res.end()
    }
    const req = await upgrade(cookieOf(await serveCookieApp({}, login).get()))
    expect(req.session.user).toBe('ada')
    req.session.views = 1
    const err = await req.session.save().catch((err: Error) => err)
    expect(err).toMatchObject({
      code: LATE,
      message: expect.stringContaining('without a response, such as a WebSocket'),
    })
    expect(await codeOf(req.session.destroy())).toBe(LATE)
  })

  it('gives an empty session without a cookie', async () => {
    const req = await upgrade()
    expect(Object.keys(req.session)).toEqual(['cookie'])
  })
})
