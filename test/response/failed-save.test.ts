import { createServer } from 'node:http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { type Host, http2Host, type Layer, type Res } from '../support/app'
import { signedCookie } from '../support/cookies'
import { eventually } from '../support/eventually'
import { connectHttp2 } from '../support/http2-client'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { connect, rawRequest } from '../support/raw-client'
import { headerValues } from '../support/raw-response'
import { record } from '../support/records'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore, type TestStore } from '../support/store'

const down = new Error('READONLY')

/** 200 kB in 20 pieces, each in a turn of its own. */
const streamPieces = (res: Res, left = 20): unknown =>
  left === 0
    ? res.end()
    : res.write('x'.repeat(10_000), () => setImmediate(() => streamPieces(res, left - 1)))

const pages: Record<string, (res: Res) => unknown> = {
  'end with a body': (res) => res.end('x'.repeat(200_000)),
  'end without a body': (res) => res.end(),
  'writeHead and end': (res) => res.writeHead(201, { 'X-Page': 'home' }).end('page'),
  'a keep-alive header of its own': (res) => res.setHeader('Connection', 'keep-alive').end('page'),
  'a write and an end': (res) => {
    res.write('first')
    res.end('last')
  },
  'a stream': (res) => streamPieces(res),
}

/** The error handler of Express: it destroys the connection of a response that was sent. */
async function startReadOnly(setup: (store: TestStore) => unknown, ...layers: Layer[]) {
  const store = createStore()
  store.put('a', record({ user: 'ada' }))
  setup(store)
  const app = express().set('env', 'test')
  app.use(ours({ ...SETTINGS, store }) as express.RequestHandler, ...(layers as never[]))
  return listen(createServer(app))
}

describe('a store that refuses writes, behind the error handler of Express', () => {
  it.each(Object.entries(pages))(
    'costs the client no byte of a page that only reads: %s',
    async (_name, page) => {
      const port = await startReadOnly(
        (store) => store.fail('touch', down),
        (_req, res) => page(res),
      )
      // The head of a stream whose session did not change is sent before the touch.
      const announced =
        page === pages['a stream'] || page === pages['a write and an end'] ? 'keep-alive' : 'close'
      await expectWhole(port, page, announced, `Cookie: ${signedCookie('a')}`)
    },
  )

  it.each(Object.entries(pages))(
    'costs the client no byte of a page that writes: %s',
    async (_name, page) => {
      const port = await startReadOnly(
        (store) => store.fail('set', down),
        logIn,
        (_req, res) => page(res),
      )
      await expectWhole(port, page, 'close')
    },
  )

  it('costs a client that reads slowly no byte', async () => {
    const body = 'x'.repeat(5_000_000)
    const port = await startReadOnly(
      (store) => store.fail('set', down),
      logIn,
      (_req, res) => void res.end(body),
    )
    const client = (await connect(port)).request('GET /')
    client.pause()
    await roundTrip()
    client.resume()
    expect((await client.response()).content).toHaveLength(body.length)
  })

  it('costs a pipelined client nothing of the response that failed', async () => {
    const port = await startReadOnly(
      (store) => store.fail('set', down),
      logIn,
      (_req, res) => {
        res.write('first')
        setImmediate(() => res.end('last'))
      },
    )
    const client = (await connect(port)).request('GET /1').request('GET /2')
    const response = await client.response()
    expect([response.content, headerValues(response, 'connection')]).toEqual(['firstlast', ['close']])
    await client.close()
  })
})

describe.each([...http1Hosts, http2Host])('a save that fails, on $name', (host) => {
  it.each(Object.entries(pages).filter(([name]) => host !== http2Host || !name.startsWith('a keep-alive')))(
    'is reported once after %s was sent, with the headers sent',
    async (_name, page) => {
      const seen: unknown[] = []
      const { port, store, errors } = await startSessionApp({ host }, logIn, (_req, res) => {
        res.on('finish', () => seen.push(['finish', res.headersSent]))
        return page(res)
      })
      store.fail('set', down)
      await ask(host, port)
      await roundTrip()
      expect(seen).toEqual([['finish', true]])
      expect(errors).toEqual([down])
    },
  )
})

it('a save that fails after the client has disconnected is reported', async () => {
  const { port, store, errors } = await startSessionApp({}, logIn, (_req, res) => void res.end('x'))
  let fail = () => {}
  const called = new Promise<void>((resolve) => {
    store.set = (_sid, _session, done) => {
      fail = () => done?.(down)
      resolve()
    }
  })
  const client = (await connect(port)).request('GET /')
  await called
  client.abort()
  await roundTrip()
  fail()
  await eventually(() => expect(errors).toEqual([down]))
})

async function ask(host: Host, port: number) {
  if (host === http2Host) return connectHttp2(port).request('GET', '/').response
  return rawRequest(port, 'GET /')
}

async function expectWhole(
  port: number,
  page: (res: Res) => unknown,
  announced: string,
  ...headers: string[]
) {
  const plain = await listen(createServer((_req, res) => void page(res)))
  const expected = await rawRequest(plain, 'GET /')
  const client = (await connect(port)).request('GET /', ...headers)
  const response = await client.response()
  expect([response.status, response.content]).toEqual([expected.status, expected.content])
  expect(headerValues(response, 'connection')).toEqual([announced])
  await client.close()
}
