import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Host, nodeHost } from '../support/app'
import { upstream } from '../support/implementations'
import { http1Hosts } from '../support/session-app'
import { normalise, observeIdle, observePlain, observeSaved, type Script } from './observe'

const answers: Record<string, Script> = {
  'end()': (res) => res.end(),
  "end('')": (res) => res.end(''),
  "end('x')": (res) => res.end('x'),
  'end of multi-byte characters': (res) => res.end('žluťoučký 🐎'),
  'end of latin1': (res) => res.end('þorn', 'latin1'),
  'end of base64': (res) => res.end('aGVsbG8=', 'base64'),
  'end of a Buffer': (res) => res.end(Buffer.from([0, 1, 2, 255])),
  'end of a Uint8Array': (res) => res.end(new Uint8Array([104, 105])),
  'end of a body larger than the socket buffer': (res) => res.end('x'.repeat(300_000)),
  'Content-Length and end': (res) => res.setHeader('Content-Length', 5).end('hello'),
  'Content-Length and an end of multi-byte characters': (res) => res.setHeader('Content-Length', 2).end('ž'),
  'Content-Length, write and end': (res) => {
    res.setHeader('Content-Length', 5).write('he')
    res.end('llo')
  },
  'write and end()': (res) => {
    res.write('x')
    res.end()
  },
  'writeHead and end()': (res) => res.writeHead(200).end(),
  "writeHead and end('x')": (res) => res.writeHead(201, 'Made', { 'X-A': '1' }).end('x'),
  "writeHead with a length and end('x')": (res) => res.writeHead(200, { 'Content-Length': 1 }).end('x'),
  "flushHeaders and end('x')": (res) => {
    res.flushHeaders()
    res.end('x')
  },
  'Transfer-Encoding: chunked and end': (res) => res.setHeader('Transfer-Encoding', 'chunked').end('x'),
  'corked writes': (res) => {
    res.cork()
    res.write('he')
    res.write('llo')
    res.uncork()
    res.end()
  },
  'trailers and end': (res) => {
    res.write('x')
    res.addTrailers({ 'X-Sum': '1' })
    res.end()
  },
  'a status message': (res) => {
    res.statusMessage = 'Fine'
    res.end('x')
  },
  'no Date': (res) => {
    res.sendDate = false
    res.end('x')
  },
  'Connection: close': (res) => res.setHeader('Connection', 'close').end('x'),
  'an end in a later event loop turn': (res) => setImmediate(() => res.end('x')),
  '204 and end()': (res) => status(res, 204).end(),
  "204 and end('x')": (res) => status(res, 204).end('x'),
  '304 and end()': (res) => status(res, 304).end(),
  "304 and end('x')": (res) => status(res, 304).end('x'),
  '304 with ETag and Content-Length': (res) =>
    status(res, 304).setHeader('ETag', '"1"').setHeader('Content-Length', 9).end(),
}

const targets = ['GET /', 'HEAD /', 'POST /', 'GET / HTTP/1.0']
const connections = [[], ['Connection: close'], ['Connection: keep-alive']]

// Node 26 joins the chunks of one turn of the event loop. With a save to wait for, the end comes in a later turn.
const chunkedAnswers: Record<string, Script> = {
  "write and end('x')": (res) => {
    res.write('he')
    res.write('ll')
    res.end('o')
  },
  'a piped stream': (res) => Readable.from(['he', 'l', 'lo']).pipe(res),
}

describe.each(http1Hosts)('framing on $name', (host) => {
  const exchanges = targets.flatMap((target) => connections.map((headers) => ({ host, target, headers })))

  it.each(Object.entries(answers))('of %s is the same as without a session', async (_name, script) => {
    for (const exchange of exchanges) await expectSameBytes({ ...exchange, script })
  })

  const title = 'of %s is the same as without a session, except for the chunks'
  it.each(Object.entries(chunkedAnswers))(title, async (_name, script) => {
    for (const exchange of exchanges) await expectSameBytes({ ...exchange, script }, 'content')
  })
})

const expressAnswers: Record<string, Script> = {
  send: (res) => express(res).send('hello'),
  json: (res) => express(res).json({ user: 'ada' }),
  redirect: (res) => express(res).redirect('/home'),
  sendStatus: (res) => express(res).sendStatus(204),
  sendFile: (res) => express(res).sendFile(__filename),
}

describe.each(http1Hosts.filter((host) => host !== nodeHost))('framing on $name', (host) => {
  it.each(Object.entries(expressAnswers))('of %s is the same as without a session', async (_name, script) => {
    for (const target of targets) await expectSameBytes({ host, script, target, headers: [] })
  })

  it('of a 304 response is the same as without a session', async () => {
    const etag = (await observePlain({ host, script: (res) => express(res).send('hello') })).response
    const [, tag] = etag.headers.find(([name]) => name === 'ETag') ?? []
    const headers = [`If-None-Match: ${tag}`]
    await expectSameBytes({ host, script: (res) => express(res).send('hello'), target: 'GET /', headers })
  })
})

describe('fault in express-session', () => {
  it('sends a plain end in chunks instead of with a Content-Length', async () => {
    const { response } = await observeSaved({ host: nodeHost, script: (res) => res.end('x') }, upstream)
    expect(response.headers).toContainEqual(['Transfer-Encoding', 'chunked'])
  })
})

interface Exchange {
  host: Host
  script: Script
  target: string
  headers: string[]
}

async function expectSameBytes(exchange: Exchange, compared: 'body' | 'content' = 'body') {
  const see = (observe: typeof observePlain) => seen(observe, exchange, compared)
  const plain = await see(observePlain)
  expect({ saved: await see(observeSaved), idle: await see(observeIdle) }).toEqual({
    saved: plain,
    idle: plain,
  })
}

async function seen(observe: typeof observePlain, exchange: Exchange, compared: 'body' | 'content') {
  const { target, headers } = exchange
  const { response } = await observe(exchange)
  return { target, sent: headers, ...normalise(response), body: response[compared] }
}

function status<T extends { statusCode: number }>(res: T, code: number): T {
  res.statusCode = code
  return res
}

function express(res: object) {
  return res as import('express').Response
}
