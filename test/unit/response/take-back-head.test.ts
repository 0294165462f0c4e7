import { IncomingMessage, ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { takeBackHead } from '../../../src/response/take-back-head'

/** Responses of which nothing is on the wire. */
const unsent: Record<string, (res: ServerResponse) => unknown> = {
  'a head': (res) => res.writeHead(200, { 'Content-Length': 4 }),
  'a head of a status without a body': (res) => res.writeHead(304),
  'a head and a piece of the body': (res) => res.write('first'),
  'a head and bytes': (res) => res.write(Buffer.from('first')),
  'a head, bytes and trailers': (res) => {
    res.setHeader('Trailer', 'X-Sum')
    res.write(Buffer.from('first'))
    res.write('second')
    res.addTrailers({ 'X-Sum': '1' })
  },
}

describe('takeBackHead', () => {
  it.each(Object.entries(unsent))('lets another response be made after %s', (_what, begin) => {
    const { res, wire } = createResponse()
    res.socket?.cork()
    begin(res)
    expect(takeBackHead(res, res.socket ?? undefined)).toBe(true)
    expect([res.headersSent, wire()]).toEqual([false, ''])
    res.removeHeader('Content-Length')
    res.removeHeader('Trailer')
    res.statusCode = 500
    res.statusMessage = ''
    res.end('error')
    expect(wire()).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n[\s\S]*error(\r\n0\r\n\r\n)?$/)
    expect(wire()).not.toMatch(/first|second|X-Sum/)
    expect(res.socket?.writableLength ?? 0).toBe(0)
  })

  it('refuses a response of which a part was sent', () => {
    const { res, wire } = createResponse()
    res.write('first')
    expect(takeBackHead(res, undefined)).toBe(false)
    res.end('last')
    expect(wire()).toMatch(/200 OK[\s\S]*first[\s\S]*last/)
  })

  it('refuses a response that was sent before its socket was corked', async () => {
    const { res } = createResponse()
    res.write('first')
    await new Promise(process.nextTick)
    res.socket?.cork()
    res.write('second')
    expect(takeBackHead(res, res.socket ?? undefined)).toBe(false)
  })

  it('refuses a response without a built head', () => {
    expect(takeBackHead(createResponse().res, undefined)).toBe(false)
  })
})

/** Creates a response whose socket keeps strings, and writes several chunks at once, as Node's sockets do. */
function createResponse() {
  const chunks: Buffer[] = []
  const socket = new Duplex({
    decodeStrings: false,
    read() {},
    write(chunk, encoding, done) {
      chunks.push(Buffer.from(chunk, encoding))
      done()
    },
    writev(entries, done) {
      for (const { chunk, encoding } of entries) chunks.push(Buffer.from(chunk, encoding))
      done()
    },
  })
  const req = Object.assign(new IncomingMessage(socket as never), {
    method: 'GET',
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
  })
  const res = new ServerResponse(req)
  res.assignSocket(socket as never)
  return { res, wire: () => Buffer.concat(chunks).toString('latin1') }
}
