import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import compression from 'compression'
import type { Response } from 'express'
import { afterAll, describe, expect, it } from 'vitest'
import { express5Host, http2Host, type Layer, nodeHost, type Res } from '../support/app'
import { signedCookie } from '../support/cookies'
import { expectHeld } from '../support/expect-held'
import { connectHttp2 } from '../support/http2-client'
import { listen } from '../support/listen'
import { connect, rawRequest } from '../support/raw-client'
import { headerValues } from '../support/raw-response'
import { record } from '../support/records'
import { roundTrip } from '../support/round-trip'
import { logIn, sessionCookie, startSessionApp } from '../support/session-app'

const folder = mkdtempSync(join(tmpdir(), 'stream-waits-'))
const file = join(folder, 'page.txt')
writeFileSync(file, 'x'.repeat(300_000))
afterAll(() => rmSync(folder, { recursive: true }))

const streams: Record<string, (res: Res) => unknown> = {
  'a write, and the end later': (res) => {
    res.write('first')
    setImmediate(() => res.end('last'))
  },
  'a write and the end in one tick': (res) => {
    res.write('first')
    res.end('last')
  },
  flushHeaders: (res) => {
    res.flushHeaders()
    setImmediate(() => res.end('last'))
  },
  'server-sent events': (res) => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' })
    res.write('data: 1\n\n')
    setImmediate(() => res.end('data: last\n\n'))
  },
  'a pipe': (res) => Readable.from(Array.from({ length: 50 }, () => 'x'.repeat(10_000))).pipe(res),
  'a status without a body': (res) => res.writeHead(304).end(),
}

describe.each([express5Host, nodeHost])('a response with a changed session, on $name', (host) => {
  it.each(Object.entries(streams))('sends no byte of %s before the save is done', async (_name, stream) => {
    const { port, store } = await startSessionApp({ host }, logIn, (_req, res) => stream(res))
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await expectHeld(client, write)
    const response = await client.response()
    expect([200, 304]).toContain(response.status)
    expect(headerValues(response, 'set-cookie')).toHaveLength(1)
    expect(store.methods().filter((method) => method === 'set')).toHaveLength(1)
  })

  it.each(Object.entries(streams))(
    'sends the same bytes of %s as without a session',
    async (_name, stream) => {
      const plain = host.serve((_req, res) => stream(res)).server
      const { port } = await startSessionApp({ host }, logIn, (_req, res) => stream(res))
      const expected = await rawRequest(await listen(plain), 'GET /')
      expect((await rawRequest(port, 'GET /')).content).toBe(expected.content)
    },
  )

  it('sends a pipelined response after the one before it, and after its save', async () => {
    const { port, store } = await startSessionApp({ host }, logIn, (req, res) => {
      res.write(`first of ${req.url}`)
      setImmediate(() => res.end('last'))
    })
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /1').request('GET /2')
    await expectHeld(client, write)
    expect((await client.response()).content).toBe('first of /1last')
    expect((await client.response()).content).toBe('first of /2last')
  })
})

describe('a file after a login', () => {
  it('is sent after the save, so that the next request is logged in', async () => {
    const { port, store } = await startSessionApp({}, logIn, (_req, res) => {
      ;(res as Response).sendFile(file)
    })
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await expectHeld(client, write)
    const response = await client.response()
    expect(response.content).toHaveLength(300_000)
    expect([...store.records.keys()].some((id) => sessionCookie(response).includes(id))).toBe(true)
  })

  it('is sent with its headers alone to a HEAD request, after the save', async () => {
    const { port, store } = await startSessionApp({}, logIn, (_req, res) => {
      ;(res as Response).sendFile(file)
    })
    const write = store.hold('set')
    const client = (await connect(port)).request('HEAD /')
    await expectHeld(client, write)
    expect(headerValues(await client.response(), 'content-length')).toEqual(['300000'])
  })
})

describe.each(['before', 'after'])('compression that is used %s the session', (place) => {
  it.each(Object.entries(streams).filter(([name]) => name !== 'a status without a body'))(
    'sends no byte of %s before the save is done',
    async (_name, stream) => {
      const compress = compression({ threshold: 0 }) as unknown as Layer
      const finish: Layer = (_req, res) => {
        res.setHeader('Content-Type', 'text/plain')
        stream(res)
      }
      const layers = place === 'before' ? [logIn, finish] : [compress, logIn, finish]
      const before = place === 'before' ? [compress] : []
      const { port, store } = await startSessionApp({ before }, ...layers)
      const write = store.hold('set')
      const client = (await connect(port)).request('GET /', 'Accept-Encoding: gzip')
      await expectHeld(client, write)
      expect(headerValues(await client.response(), 'content-encoding')).toEqual(['gzip'])
    },
  )
})

describe('over HTTP/2', () => {
  it.each(Object.entries(streams))('sends no byte of %s before the save is done', async (_name, stream) => {
    const { port, store } = await startSessionApp({ host: http2Host }, logIn, (_req, res) => stream(res))
    const write = store.hold('set')
    const { seen, response } = connectHttp2(port).request('GET', '/')
    await write.called
    await roundTrip()
    expect(seen).toEqual({ headers: undefined, content: '' })
    write.release()
    const { status, content } = await response
    expect(status).toBeOneOf([200, 304])
    const plain = await startSessionApp({ host: http2Host }, (_req, res) => stream(res))
    expect(content).toBe((await connectHttp2(plain.port).request('GET', '/').response).content)
  })
})

describe('a stream whose session was reloaded, and changed back to what was loaded first', () => {
  it('waits for the save', async () => {
    const { port, store } = await startSessionApp({}, async (req, res) => {
      store.put('a', record({ user: 'ada', views: 1 }))
      await req.session.reload()
      delete req.session.views
      res.write('first')
      res.end('last')
    })
    store.put('a', record({ user: 'ada' }))
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /', `Cookie: ${signedCookie('a')}`)
    await write.called
    await roundTrip()
    expect(client.received).toBe('')
    write.release()
    expect((await client.response()).content).toBe('firstlast')
    expect(store.record('a')).toEqual(record({ user: 'ada' }))
  })
})

describe('a stream whose session did not change', () => {
  it.each([{}, { resave: true }, { rolling: true }])('waits for nothing, with %j', async (options) => {
    const { port, store } = await startSessionApp({ options }, (_req, res) => {
      res.write('first')
    })
    store.put('a', record({ user: 'ada' }))
    store.hold('set')
    store.hold('touch')
    const client = (await connect(port)).request('GET /', `Cookie: ${signedCookie('a')}`)
    await client.text('first')
  })
})
