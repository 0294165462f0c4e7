import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { http2Host, type Layer, type Req, type Res } from '../support/app'
import { eventually } from '../support/eventually'
import { connectHttp2 } from '../support/http2-client'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { crashesOf } from '../support/outcome'
import { connect, rawRequest } from '../support/raw-client'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const endings: Record<string, (req: Req) => unknown> = {
  destroy: (req) => req.session.destroy(),
  unset: (req) => Object.assign(req, { session: null }),
}

/** Changes the session, begins the response, ends the session and ends the response in one tick. */
const withdraw =
  (end: (req: Req) => unknown): Layer =>
  (req, res) => {
    req.session.user = 'ada'
    res.write('first')
    end(req)
    res.end('last')
  }

describe.each(Object.entries(endings))(
  'a session that is removed by %s after the response has begun',
  (_what, end) => {
    it.each(http1Hosts)('does not keep the bytes back, on $name, pipelined too', async (host) => {
      const { port } = await startSessionApp({ host }, withdraw(end))
      const client = (await connect(port)).request('GET /1').request('GET /2')
      expect((await client.response()).content).toBe('firstlast')
      expect((await client.response()).content).toBe('firstlast')
    })

    it('does not keep the bytes back over HTTP/2', async () => {
      const { port } = await startSessionApp({ host: http2Host }, withdraw(end))
      expect((await connectHttp2(port).request('GET', '/').response).content).toBe('firstlast')
    })
  },
)

describe('a save that fails while the bytes of a response wait', () => {
  const size = 3_000_000
  const pages: Record<string, (res: Res) => unknown> = {
    'a file with flushHeaders': (res) => {
      res.writeHead(200, { 'Content-Length': size })
      res.flushHeaders()
      pieces().pipe(res)
    },
    'a pipe': (res) => pieces().pipe(res),
  }
  const pieces = () => Readable.from(Array.from({ length: size / 30_000 }, () => 'x'.repeat(30_000)))

  it.each(Object.entries(pages))('sends %s whole', async (_name, page) => {
    const { port, store } = await startSessionApp({}, logIn, (_req, res) => page(res))
    store.fail('set', new Error('READONLY'))
    expect((await rawRequest(port, 'GET /')).content).toHaveLength(size)
  })

  it('closes the connection after a response without a body', async () => {
    const { port, store } = await startSessionApp({}, logIn, (_req, res) => {
      res.writeHead(204)
      res.flushHeaders()
      setImmediate(() => setImmediate(() => res.end()))
    })
    store.fail('set', new Error('READONLY'))
    const client = (await connect(port)).request('GET /')
    await client.close()
    expect(client.received).toMatch(/^HTTP\/1.1 204 /)
  })
})

describe('calls between a session that cannot be saved and the response of the error handler', () => {
  const calls: Record<string, (res: Res) => unknown> = {
    write: (res) => res.write('late'),
    setHeader: (res) => res.setHeader('X-Late', '1'),
    'a second end': (res) => res.end('late'),
    flushHeaders: (res) => res.flushHeaders(),
  }

  it.each(Object.entries(calls))('do not change it: %s', async (_name, call) => {
    const app = express().set('env', 'test')
    app.use(ours({ ...SETTINGS, store: createStore() }) as never, (req, res) => {
      Object.assign(req.session, { value: 1n })
      res.json({ page: 'home' })
      try {
        call(res)
      } catch {}
    })
    const crashes = await crashesOf(async () => {
      const { status, content } = await rawRequest(await listen(createServer(app)), 'GET /')
      expect([status, content]).toEqual([500, expect.stringMatching(/BigInt/)])
      expect(content).not.toMatch(/late/)
    })
    expect(crashes).toEqual([])
  })
})

it('a store error is reported though Node refuses the head of the response', async () => {
  const { port, store, errors } = await startSessionApp({}, logIn, (_req, res) => {
    res.statusMessage = 'a\nb'
    try {
      res.end('x')
    } catch {
      res.statusMessage = 'OK'
      res.end('second')
    }
  })
  store.fail('set', new Error('READONLY'))
  expect((await rawRequest(port, 'GET /')).content).toBe('second')
  await eventually(() => expect(errors.map(({ message }) => message)).toContain('READONLY'))
})

it('a save of the application that rejects is an error, and the response is sent', async () => {
  const { port, errors } = await startSessionApp({}, logIn, (req, res) => {
    Object.assign(req.session, {
      save: async () => {
        throw new Error('no save')
      },
    })
    res.end('x')
  })
  expect((await rawRequest(port, 'GET /')).content).toBe('x')
  await eventually(() => expect(errors.map(({ message }) => message)).toEqual(['no save']))
})
