import { describe, expect, it } from 'vitest'
import session from '../../src'
import { express4Host, express5Host, hosts, type Layer, serve } from '../support/app'
import { readSetCookie } from '../support/cookies'
import { countViews, show } from '../support/handlers'
import { compare, type SessionModule } from '../support/implementations'
import { SETTINGS } from '../support/settings'

describe('cookie.path', () => {
  it.each(hosts)('is written to Set-Cookie with $name', async (host) => {
    const app = host.serve(session({ ...SETTINGS, cookie: { path: '/admin' } }), countViews)
    expect(readSetCookie(await app.get('/admin'))?.attributes.Path).toBe('/admin')
  })

  const rows: Array<[path: string, url: string, hasSession: boolean]> = [
    ['/admin', '/admin', true],
    ['/admin', '/admin/', true],
    ['/admin', '/admin/users', true],
    ['/admin', '/admin?x=1', true],
    ['/admin', '/ADMIN', false],
    ['/admin', '/', false],
    ['/admin', '/?/admin', false],
    ['/admin', '/administrator', false],
    ['/admin', '/admin.html', false],
    ['/admin/', '/admin/users', true],
    ['/admin/', '/admin', false],
    ['/', '/anything', true],
  ]
  it.each(rows)('%s has a session at %s: %s', async (path, url, hasSession) => {
    expect(await sees(session, path, url)).toBe(hasSession)
  })

  it('matches whole path segments, unlike in npm’s express-session', async () => {
    const seen = await compare((session) => sees(session, '/admin', '/administrator'))
    expect(seen).toEqual({ ours: false, upstream: true })
  })

  it.each([express4Host, express5Host])(
    'is compared with the original URL in a mounted app with $name',
    async (host) => {
      const strip: Layer = (req, _res, next) => {
        req.url = req.url?.slice('/admin'.length) ?? ''
        next()
      }
      const app = host.serve(
        strip,
        session({ ...SETTINGS, cookie: { path: '/admin' } }),
        show((req) => Boolean(req.session)),
      )
      expect((await app.get('/admin/users')).text).toBe('true')
    },
  )
})

async function sees(session: SessionModule, path: string, url: string) {
  const middleware = session({ ...SETTINGS, cookie: { path } })
  const res = await serve(
    middleware,
    show((req) => Boolean(req.session)),
  ).get(url)
  return res.text === 'true'
}
