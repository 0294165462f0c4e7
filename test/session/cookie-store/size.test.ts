import { describe, expect, it } from 'vitest'
import { hosts, type Layer } from '../../support/app'
import { cookieSession, serveCookieApp } from '../../support/cookie-app'
import { setCookies } from '../../support/cookies'

/** Fills the session with as many bytes as the path says. */
const fill: Layer = (req, res) => {
  req.session.value = 'x'.repeat(Number(req.url?.slice(1)))
  res.end('ok')
}

describe.each(hosts)('the size of a session in the cookie, with $name', ({ serve }) => {
  it('is at most 4096 bytes with the name and the attributes of the cookie', async () => {
    const options = {
      name: 'a-name',
      cookie: { maxAge: 60_000, domain: 'example.com', sameSite: 'lax' as const },
    }
    const { get, errors } = serve(cookieSession(options), fill)
    let [fits, tooLarge] = [2000, 4000]
    while (tooLarge - fits > 1) {
      const middle = (fits + tooLarge) >> 1
      if ((await get(`/${middle}`)).status === 200) fits = middle
      else tooLarge = middle
    }
    const [line = ''] = setCookies(await get(`/${fits}`), 'a-name')
    expect(line.length).toBeGreaterThan(4096 - 4)
    expect(line.length).toBeLessThanOrEqual(4096)
    const response = await get(`/${tooLarge}`)
    expect([response.status, setCookies(response, 'a-name')]).toEqual([500, []])
    const sizes = errors.map((err) => [
      (err as never as { code: string }).code,
      (err as never as { size: number }).size > 4096,
    ])
    expect(new Set(sizes.map(String))).toEqual(new Set(['ERR_SESSION_TOO_LARGE,true']))
  })
})

describe('a session that is too large', () => {
  it.each<[string, Layer]>([
    ['res.end()', (_req, res) => res.end('content')],
    ['res.writeHead() and res.end()', (_req, res) => res.writeHead(200).end('content')],
    [
      'res.write() with a length',
      (_req, res) => {
        res.setHeader('Content-Length', 7)
        res.write('con')
        setTimeout(() => res.end('tent'), 5)
      },
    ],
    [
      'res.write() without a length',
      (_req, res) => {
        res.write('con')
        setTimeout(() => res.end('tent'), 5)
      },
    ],
    [
      'res.flushHeaders()',
      (_req, res) => {
        res.flushHeaders()
        setTimeout(() => res.end('content'), 5)
      },
    ],
  ])('is an error for next, and nothing of the response is sent, with %s', async (_how, respond) => {
    const { get, errors } = serveCookieApp({}, (req, res, next) => {
      req.session.value = 'x'.repeat(5000)
      respond(req, res, next)
    })
    const response = await get()
    expect([response.status, response.text, setCookies(response)]).toEqual([500, errors[0]?.message, []])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ code: 'ERR_SESSION_TOO_LARGE' })
  })

  it('tells its three largest keys, and no data', async () => {
    const { get, errors } = serveCookieApp({}, (req, res) => {
      Object.assign(req.session, { cart: 'x'.repeat(4000), user: 'Ada Lovelace', csrf: 'abc', a: 1 })
      res.end()
    })
    await get()
    const [err] = errors as (Error & { largest: object[] })[]
    expect(err?.message).toMatch(
      /with its name and attributes it has 5\d\d\d bytes, and browsers keep at most 4096\. /,
    )
    expect(err?.message).toMatch(
      / Its largest keys: cart \(4002 bytes\), user \(14 bytes\), csrf \(5 bytes\)$/,
    )
    expect(err?.largest).toEqual([
      { key: 'cart', bytes: 4002 },
      { key: 'user', bytes: 14 },
      { key: 'csrf', bytes: 5 },
    ])
    expect(err?.message).not.toContain('Ada')
  })

  it('is the error of an explicit save, and the application can make it smaller', async () => {
    const { get, errors } = serveCookieApp({}, async (req, res) => {
      req.session.value = 'x'.repeat(5000)
      const { code } = await req.session.save().catch((err) => err)
      req.session.value = 'small'
      res.end(String(code))
    })
    const response = await get()
    expect([response.text, errors]).toEqual(['ERR_SESSION_TOO_LARGE', []])
    expect(setCookies(response)).toHaveLength(1)
  })
})
