import { describe, expect, it } from 'vitest'
import { hosts, type Layer, type Req, type Res } from '../../support/app'
import { cookieSession, serveCookieApp } from '../../support/cookie-app'
import { cookieOf, readSetCookie, setCookies } from '../../support/cookies'

const routes: Layer = async (req, res) => {
  const { pathname } = new URL(req.url as string, 'http://a')
  await (actions[pathname] as (req: Req, res: Res) => unknown)(req, res)
}

const actions: Record<string, (req: Req, res: Res) => unknown> = {
  '/'(req, res) {
    res.end(JSON.stringify({ user: req.session.user ?? null, id: req.sessionID }))
  },
  '/untouched'(_req, res) {
    res.end('ok')
  },
  '/login'(req, res) {
    req.session.user = 'ada'
    res.end('in')
  },
  async '/regenerate'(req, res) {
    await req.session.regenerate()
    res.end('ok')
  },
  async '/regenerate-keep'(req, res) {
    await req.session.regenerate({ keep: true })
    res.end('ok')
  },
  async '/logout'(req, res) {
    await req.session.destroy()
    res.end('out')
  },
}

describe.each(hosts)('a session in the cookie with $name', ({ serve }) => {
  const app = () => serve(cookieSession(), routes)

  it('comes back with the next request', async () => {
    const { get } = app()
    const login = await get('/login')
    const page = await get('/', cookieOf(login))
    expect(JSON.parse(page.text)).toEqual({ user: 'ada', id: expect.stringMatching(/^[\w-]{32}$/) })
    expect(setCookies(page)).toEqual([])
  })

  it('sets no cookie for a session without data', async () => {
    const { get } = app()
    expect(setCookies(await get('/'))).toEqual([])
    expect(setCookies(await get('/untouched'))).toEqual([])
  })

  it('is not readable in the cookie, and different each time', async () => {
    const { get } = app()
    const [first, second] = [await get('/login'), await get('/login')]
    const { pair, attributes } = readSetCookie(first) as { pair: string; attributes: object }
    expect(pair).toMatch(/^connect\.sid=[\w-]{100,}$/)
    expect(Buffer.from(pair.slice(12), 'base64url').toString('latin1')).not.toContain('ada')
    expect(pair).not.toBe(readSetCookie(second)?.pair)
    expect(attributes).toEqual({ Path: '/', HttpOnly: true })
  })

  it('gets a new id, and is empty, after regenerate', async () => {
    const { get, errors } = app()
    const login = cookieOf(await get('/login'))
    const before = JSON.parse((await get('/', login)).text)
    const response = await get('/regenerate', login)
    expect(setCookies(response)).toEqual([
      expect.stringMatching(/^connect\.sid=; Path=\/; Expires=Thu, 01 Jan 1970/),
    ])
    const kept = cookieOf(await get('/regenerate-keep', login))
    const after = JSON.parse((await get('/', kept)).text)
    expect([before.user, after.user, before.id === after.id]).toEqual(['ada', 'ada', false])
    expect(errors).toEqual([])
  })

  it('is deleted in the browser by destroy', async () => {
    const { get } = app()
    const login = cookieOf(await get('/login'))
    expect(setCookies(await get('/logout', login))).toEqual([
      expect.stringMatching(/^connect\.sid=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly$/),
    ])
  })
})

describe('a session that is too large', () => {
  it('is an error for next, and nothing of the response is sent', async () => {
    const { get, errors } = serveCookieApp({}, (req, res) => {
      Object.assign(req.session, { big: 'x'.repeat(3500), middle: 'y'.repeat(300), small: 1, tiny: [] })
      res.setHeader('X-App', 'yes')
      res.end('done')
    })
    const response = await get()
    expect(response.status).toBe(500)
    expect(setCookies(response)).toEqual([])
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'ERR_SESSION_TOO_LARGE',
        size: expect.any(Number),
        largest: [
          { key: 'big', bytes: 3502 },
          { key: 'middle', bytes: 302 },
          { key: 'tiny', bytes: 2 },
        ],
      }),
    ])
  })
})
