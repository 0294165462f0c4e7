import { createServer } from 'node:http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import type { Layer } from '../support/app'
import { signedCookie } from '../support/cookies'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { connect, rawRequest } from '../support/raw-client'
import { headerValues } from '../support/raw-response'
import { record } from '../support/records'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const never = () => ({ expires: new Date(Number.NaN) })

const answer: Layer = (_req, res) => void res.end('x')

const stream: Layer = (_req, res) => {
  res.write('first')
  setImmediate(() => res.end('last'))
}

describe.each(http1Hosts)('an invalid cookie, on $name', (host) => {
  it.each([
    ['a plain end', answer, 'x'],
    ['a stream', stream, 'firstlast'],
  ])('is reported once, and the client gets its response: %s', async (_what, layer, content) => {
    const app = await startSessionApp({ host, options: { cookie: never } }, logIn, layer)
    const response = await rawRequest(app.port, 'GET /')
    await roundTrip()
    expect(response).toMatchObject({ status: 200, content })
    expect(headerValues(response, 'set-cookie')).toEqual([])
    expect(app.errors.map(({ message }) => message)).toEqual([expect.stringMatching(/expires/)])
  })

  it.each(['text', {}])(
    'is reported once when a handler makes it invalid, for a stream with rolling: %j',
    async (value) => {
      const spoil: Layer = (req, _res, next) => {
        req.session.cookie.originalMaxAge = value as never
        next()
      }
      const app = await startSessionApp({ host, options: { rolling: true } }, spoil, stream)
      app.store.put('a', record())
      const response = await rawRequest(app.port, 'GET /', `Cookie: ${signedCookie('a')}`)
      await roundTrip()
      expect(response).toMatchObject({ status: 200, content: 'firstlast' })
      expect(app.errors.map(({ message }) => message)).toEqual(['maxAge must be a number or Date'])
    },
  )
})

describe('an invalid cookie', () => {
  it('is reported after the last byte, and the client knows that the connection ends', async () => {
    const store = createStore()
    const app = express().set('env', 'test')
    app.use(ours({ ...SETTINGS, store, cookie: never }) as never, logIn as never, answer as never)
    const client = (await connect(await listen(createServer(app)))).request('GET /')
    await client.close()
    expect(client.received).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*\r\n\r\nx$/)
  })
})
