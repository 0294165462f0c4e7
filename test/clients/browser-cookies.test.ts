import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import express, { type RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import session, { type SessionOptions } from '../../src'
import type { Req } from '../support/app'
import { createGate } from '../support/gate'
import { listen } from '../support/listen'
import { SETTINGS } from '../support/settings'
import type { CdpConnection } from './cdp'
import { certificate } from './certificate'
import { findChromium, openPage } from './chromium'

const chromium = findChromium()
const isRequired = process.env.REQUIRE_SERVERS === '1'
if (!chromium && !isRequired) console.warn('test/clients/browser-cookies: skipped, no Chromium')

const overTls = { secure: true, path: '/', sameSite: 'lax' } as const

describe.skipIf(!chromium && !isRequired)('the cookie in a browser', () => {
  it.each<[string, boolean, Partial<SessionOptions>]>([
    ['connect.sid over HTTP', false, {}],
    ['connect.sid with a path', false, { cookie: { path: '/app' } }],
    ['__Host-id over HTTPS', true, { name: '__Host-id', cookie: overTls }],
    ['__Secure-id over HTTPS', true, { name: '__Secure-id', cookie: { ...overTls, path: '/app' } }],
    ['__Host-id, partitioned', true, { name: '__Host-id', cookie: { ...overTls, partitioned: true } }],
  ])('is gone after destroy(), and stays without clearCookie: %s', async (what, isTls, options) => {
    const name = options.name ?? 'connect.sid'
    for (const clearCookie of [true, false]) {
      const { page, visit } = await open({ ...options, clearCookie }, isTls)
      await visit('/app/login')
      expect(await cookiesOf(page)).toMatchObject([{ name, httpOnly: true, secure: isTls }])
      const [{ partitionKey } = {}] = await cookiesOf(page)
      expect(Boolean(partitionKey)).toBe(what.endsWith('partitioned'))
      expect(await page.evaluate('document.cookie')).toBe('')
      await visit('/app/logout')
      expect(await namesOf(page)).toEqual(clearCookie ? [] : [name])
    }
  })

  it('stays when the response that ends a session sets the cookie of another one', async () => {
    const { page, visit } = await open({ clearCookie: true })
    await visit('/app/login')
    expect(await visit('/app/change')).toBe('changed')
    expect(await namesOf(page)).toEqual(['connect.sid'])
    expect(await visit('/app/user')).toBe('eve')
  })

  it.each(['/app/logout', '/app/login'])(
    'is the one of the login, while a parallel request ends the old session and then %s is slow',
    async (slow) => {
      const { page, visit, fetchInPage, gate } = await open({ clearCookie: true })
      await visit('/app/login')
      // The request has loaded the old session before the other one ends it.
      const first = fetchInPage(`${slow}?slow`)
      await gate.entered
      await fetchInPage(slow === '/app/login' ? '/app/logout' : '/app/login')
      gate.open()
      await first
      expect(await namesOf(page)).toEqual(['connect.sid'])
      expect(await visit('/app/user')).toBe('ada')
    },
  )

  it('is moved by refreshCookie: the old one does not stay beside it', async () => {
    let path = '/app/user'
    const { page, visit } = await open({ refreshCookie: true, cookie: () => ({ path }) })
    await visit('/app/user/login')
    expect(await cookiesOf(page)).toMatchObject([{ path: '/app/user' }])
    path = '/app'
    expect(await visit('/app/user')).toBe('ada')
    expect(await cookiesOf(page)).toMatchObject([{ path: '/app' }])
    expect(await visit('/app/user')).toBe('ada')
  })

  it('is renewed by regenerate({ keep: true }) while other requests of the old id run', async () => {
    const { page, visit, fetchInPage } = await open({ clearCookie: true })
    await visit('/app/login')
    const [before] = await cookiesOf(page)
    const all = Array.from({ length: 50 }, (_, i) => fetchInPage(i === 5 ? '/app/renew' : '/app/user'))
    await Promise.all(all)
    const [after] = await cookiesOf(page)
    expect(after?.value).not.toBe(before?.value)
    expect(await visit('/app/user')).toBe('ada')
  })
})

/** Starts an app below /app, and a browser at its page. */
async function open(options: Partial<SessionOptions>, isTls = false) {
  if (!chromium) throw new Error('REQUIRE_SERVERS=1, but Chromium is not installed')
  const gate = createGate()
  const app = express()
  app.use(session({ ...SETTINGS, ...options }) as unknown as RequestHandler)
  const handle = (path: string, handler: (req: Req) => unknown) =>
    app.get(path, async (req, res) => {
      String((req as unknown as Req).session.user)
      if ('slow' in req.query) await new Promise<void>((resolve) => gate.enter(resolve))
      res.send(await handler(req as unknown as Req))
    })
  const logIn = async (req: Req) => {
    await req.session.regenerate()
    req.session.user = 'ada'
    return 'hello'
  }
  handle('/app', () => 'home')
  handle('/app/login', logIn)
  handle('/app/user/login', logIn)
  handle('/app/logout', async (req) => {
    await req.session.destroy()
    return 'bye'
  })
  handle('/app/change', async (req) => {
    await req.session.destroy()
    Object.assign(req, { session: { user: 'eve' } })
    return 'changed'
  })
  handle('/app/renew', async (req) => {
    await req.session.regenerate({ keep: true })
    return 'renewed'
  })
  handle('/app/user', (req) => req.session.user ?? 'unknown')
  const server = isTls ? createTlsServer(certificate, app) : createServer(app)
  const port = await listen(server as never)
  const origin = `${isTls ? 'https' : 'http'}://localhost:${port}`
  const page = await openPage(chromium, `${origin}/app`)
  return {
    page,
    gate,
    async visit(path: string) {
      await page.loads(() => page.send('Page.navigate', { url: origin + path }))
      return page.evaluate('document.body.textContent')
    },
    fetchInPage: (path: string) => page.evaluate(`fetch(${JSON.stringify(path)}).then((res) => res.text())`),
  }
}

async function cookiesOf(page: CdpConnection) {
  const { cookies } = (await page.send('Network.getAllCookies')) as {
    cookies: { name: string; value: string; path: string; partitionKey?: object }[]
  }
  return cookies
}

async function namesOf(page: CdpConnection) {
  return (await cookiesOf(page)).map(({ name }) => name)
}
