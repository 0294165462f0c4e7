import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { readSetCookie, sidOf } from '../support/cookies'
import { countViews } from '../support/handlers'
import { compare } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const AUTO = { secure: 'auto', sameSite: 'auto' } as const

describe.each(hosts)('cookie.secure with $name', (host) => {
  it('sends no cookie over a connection without TLS', async () => {
    const res = await host.serve(session({ ...SETTINGS, cookie: { secure: true } }), countViews).get()
    expect([res.text, readSetCookie(res)]).toEqual(['1', undefined])
  })

  it('sends the cookie when the proxy reports HTTPS', async () => {
    const app = host.serve(session({ ...SETTINGS, proxy: true, cookie: { secure: true } }), countViews)
    const res = await app.get().set('X-Forwarded-Proto', 'https')
    expect(readSetCookie(res)?.attributes.Secure).toBe(true)
  })

  it("is decided by the connection when it is 'auto'", async () => {
    const app = host.serve(session({ ...SETTINGS, proxy: true, cookie: AUTO }), countViews)
    const plain = readSetCookie(await app.get())?.attributes
    const secure = readSetCookie(await app.get().set('X-Forwarded-Proto', 'https'))?.attributes
    expect(plain).toEqual({ Path: '/', HttpOnly: true, SameSite: 'Lax' })
    expect(secure).toEqual({ Path: '/', HttpOnly: true, SameSite: 'None', Secure: true })
  })
})

describe("a cookie attribute of 'auto'", () => {
  it('is stored as the decided value', async () => {
    const store = createStore()
    const app = serve(session({ ...SETTINGS, store, proxy: true, cookie: AUTO }), countViews)
    const plain = sidOf(await app.get())
    const secure = sidOf(await app.get().set('X-Forwarded-Proto', 'https'))
    expect(store.record(plain).cookie).toMatchObject({ secure: false, sameSite: 'lax' })
    expect(store.record(secure).cookie).toMatchObject({ secure: true, sameSite: 'none' })
  })

  it('is decided separately for secure and sameSite', async () => {
    const secureOnly = serve(session({ ...SETTINGS, cookie: { secure: 'auto' } }), countViews)
    const sameSiteOnly = serve(session({ ...SETTINGS, cookie: { sameSite: 'auto' } }), countViews)
    expect(readSetCookie(await secureOnly.get())?.attributes).toEqual({ Path: '/', HttpOnly: true })
    expect(readSetCookie(await sameSiteOnly.get())?.attributes.SameSite).toBe('Lax')
  })

  it('uses the trust proxy setting of Express when proxy is undefined', async () => {
    const secureByExpress: Layer = (req, _res, next) => {
      Object.defineProperty(req, 'secure', { value: true })
      next()
    }
    const app = serve(secureByExpress, session({ ...SETTINGS, cookie: AUTO }), countViews)
    expect(readSetCookie(await app.get())?.attributes).toMatchObject({ Secure: true, SameSite: 'None' })
  })

  it('is also decided when a cookie function returns it', async () => {
    const attributes = await compare(async (session) => {
      const app = serve(session({ ...SETTINGS, cookie: () => ({ ...AUTO }) }), countViews)
      return readSetCookie(await app.get())?.attributes
    })
    expect(attributes.ours).toEqual({ Path: '/', HttpOnly: true, SameSite: 'Lax' })
    expect(attributes.upstream).toBeUndefined()
  })
})
