import express from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { readSetCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { SETTINGS } from '../support/settings'

type Proxy = boolean | undefined
type Row = [proxy: Proxy, header: string | undefined, isSent: boolean]

const rows: Row[] = [
  [true, 'https', true],
  [true, 'HTTPS', true],
  [true, ' https ', true],
  [true, 'https,http', true],
  [true, 'https , http', true],
  [true, 'http,https', false],
  [true, 'http', false],
  [true, 'httpsx', false],
  [true, '', false],
  [true, undefined, false],
  [false, 'https', false],
  [undefined, 'https', false],
]

describe('proxy', () => {
  it.each(rows)(
    '%s treats X-Forwarded-Proto %j as a secure connection: %s',
    async (proxy, header, isSent) => {
      const app = serve(session({ ...SETTINGS, ...given(proxy), cookie: { secure: true } }), countViews)
      const res = await (header === undefined ? app.get() : app.get().set('X-Forwarded-Proto', header))
      expect(readSetCookie(res) !== undefined).toBe(isSent)
    },
  )

  it.each(hosts)('true treats X-Forwarded-Proto https as a secure connection with $name', async (host) => {
    const app = host.serve(session({ ...SETTINGS, proxy: true, cookie: { secure: true } }), countViews)
    const res = await app.get().set('X-Forwarded-Proto', 'https')
    expect(readSetCookie(res)?.attributes.Secure).toBe(true)
  })

  it.each([
    [undefined, true, true],
    [undefined, false, false],
    [false, true, false],
    [true, false, true],
  ] as Array<[Proxy, boolean, boolean]>)(
    '%s with trust proxy %s in Express treats https as a secure connection: %s',
    async (proxy, trust, isSent) => {
      const app = express()
      app.set('trust proxy', trust)
      app.use(session({ ...SETTINGS, ...given(proxy), cookie: { secure: true } }), countViews as never)
      const res = await supertest(app).get('/').set('X-Forwarded-Proto', 'https')
      expect(readSetCookie(res) !== undefined).toBe(isSent)
    },
  )
})

function given(proxy: Proxy) {
  return proxy === undefined ? {} : { proxy }
}
