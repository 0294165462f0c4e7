import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Req, serve } from '../support/app'
import { cookieOf, readSetCookie } from '../support/cookies'
import { answer, countViews } from '../support/handlers'
import { compare } from '../support/implementations'
import { SETTINGS } from '../support/settings'

describe('cookie as a function', () => {
  it.each(hosts)('gives each request its own attributes with $name', async (host) => {
    const cookie = (req: { url: string }) => ({ path: req.url.slice(0, 4), httpOnly: req.url !== '/one' })
    const app = host.serve(session({ ...SETTINGS, cookie }), countViews)
    expect(readSetCookie(await app.get('/one'))?.attributes).toEqual({ Path: '/one' })
    expect(readSetCookie(await app.get('/two'))?.attributes).toEqual({ Path: '/two', HttpOnly: true })
  })

  it('is called once in a request that creates a session', async () => {
    const calls = await compare(async (session) => {
      let count = 0
      const cookie = () => {
        count++
        return {}
      }
      await serve(session({ ...SETTINGS, cookie }), countViews).get()
      return count
    })
    expect(calls).toEqual({ ours: 1, upstream: 2 })
  })

  it('does not change the cookie of a loaded session', async () => {
    let path = '/'
    const app = serve(
      session({ ...SETTINGS, rolling: true, cookie: () => ({ path, httpOnly: path === '/' }) }),
      countViews,
    )
    const first = await app.get('/x')
    path = '/x'
    const second = await app.get('/x', cookieOf(first))
    expect(second.text).toBe('2')
    expect(readSetCookie(second)?.attributes).toEqual({ Path: '/', HttpOnly: true })
  })

  it('decides by its path which requests have a session', async () => {
    const app = serve(session({ ...SETTINGS, cookie: () => ({ path: '/admin' }) }), (req, res) =>
      res.end(String(Boolean(req.session))),
    )
    expect((await app.get('/admin')).text).toBe('true')
    expect((await app.get('/other')).text).toBe('false')
  })

  it.each(hosts)('passes an error that it throws to the error handler with $name', async (host) => {
    const cookie = () => {
      throw new Error('no cookie today')
    }
    const app = host.serve(session({ ...SETTINGS, cookie }), answer)
    const res = await app.get()
    expect([res.status, res.text]).toEqual([500, 'no cookie today'])
    expect(app.errors).toHaveLength(1)
  })

  it('throws out of the middleware in npm’s express-session', async () => {
    const thrown = await compare((session) => throwsAt(session({ ...SETTINGS, cookie: fail })))
    expect(thrown).toEqual({ ours: 'next: no cookie today', upstream: 'thrown: no cookie today' })
  })

  it('passes an error to the error handler when it returns invalid attributes', async () => {
    const app = serve(session({ ...SETTINGS, cookie: () => ({ maxAge: Number.NaN }) }), answer)
    const res = await app.get()
    expect(res.status).toBe(500)
    expect(res.text).toMatch(/maxAge .*must/)
  })
})

function fail(): never {
  throw new Error('no cookie today')
}

/** Returns whether the middleware throws the error or passes it to `next`. */
async function throwsAt(middleware: (req: never, res: never, next: never) => void) {
  let said = 'nothing'
  const app = serve((req: Req, res) => {
    try {
      middleware(
        req as never,
        res as never,
        ((err: Error) => {
          said = `next: ${err.message}`
        }) as never,
      )
    } catch (err) {
      said = `thrown: ${(err as Error).message}`
    }
    res.end()
  })
  await app.get()
  return said
}
