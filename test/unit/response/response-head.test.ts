import type { ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { holdResponse } from '../../../src/response/hold-response'
import { createHeldResponse, createResponse, turns } from '../../support/held-response'

type Answer = (res: ServerResponse) => unknown

const HEADS: [what: string, args: unknown[]][] = [
  ['a status', [201]],
  ['a reason', [201, 'Made']],
  ['an object', [200, { 'X-A': '1', 'Set-Cookie': ['a=1', 'b=2'] }]],
  ['a reason and an object', [200, 'Fine', { 'X-A': '1' }]],
  ['a flat list', [200, ['X-A', '1', 'X-B', '2']]],
  [
    'pairs',
    [
      200,
      [
        ['X-A', '1'],
        ['X-B', '2'],
      ],
    ],
  ],
  [
    'pairs that repeat a name',
    [
      200,
      [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-A', '1'],
      ],
    ],
  ],
  [
    'pairs that repeat a name in another case',
    [
      200,
      [
        ['Set-Cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
    ],
  ],
  [
    'pairs with lists of values',
    [
      200,
      [
        ['Set-Cookie', ['a=1', 'b=2']],
        ['Set-Cookie', 'c=3'],
      ],
    ],
  ],
  [
    'a reason and pairs that repeat a name',
    [
      200,
      'Fine',
      [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ],
    ],
  ],
  ['no headers in a list', [200, []]],
]

describe('writeHead before the end', () => {
  it.each(HEADS)('sends the same headers as Node for %s', async (_what, args) => {
    const answer: Answer = (res) => {
      Reflect.apply(res.writeHead, res, args)
      res.end()
    }
    expect(await heldHead(answer)).toEqual(await plainHead(answer))
  })
})

const ENDS: [what: string, answer: Answer, request?: object][] = [
  ['no body', (res) => res.end()],
  ['text', (res) => res.end('é')],
  ['text with an encoding', (res) => res.end('c3a9', 'hex')],
  ['bytes', (res) => res.end(Buffer.from('é'))],
  ['text to a HEAD request', (res) => res.end('body'), { method: 'HEAD' }],
  ['text to an HTTP/1.0 client', (res) => res.end('body'), { httpVersion: '1.0' }],
  ['nothing and status 204', (res) => Object.assign(res, { statusCode: 204 }).end()],
  ['nothing and status 304', (res) => Object.assign(res, { statusCode: 304 }).end()],
  ['a Content-Length', (res) => res.setHeader('Content-Length', '4').end('body')],
  ['a Transfer-Encoding of chunked', (res) => res.setHeader('Transfer-Encoding', 'chunked').end('body')],
  ['a trailer', (res) => res.setHeader('Trailer', 'X-Sum').end('body')],
  ['a status message', (res) => Object.assign(res, { statusMessage: 'Fine' }).end('body')],
  ['no Date', (res) => Object.assign(res, { sendDate: false }).end('body')],
]

describe('HTTP/1 headers that wait for the commit', () => {
  it.each(ENDS)('are the same as in Node with %s', async (_what, answer, request) => {
    expect(await heldHead(answer, request)).toEqual(await plainHead(answer, request))
  })
})

describe('HTTP/2 headers', () => {
  it('are sent at the end of the tick of writeHead, with its arguments', async () => {
    const { res, sent } = http2Response()
    expect(res.writeHead(201, { 'X-A': '1' })).toBe(res)
    expect(sent).toEqual([])
    await turns()
    expect(sent).toEqual(['X-A: 1', 'head 201'])
  })

  it.each<[string, Answer, string[]]>([
    ['a write', (res) => res.write('part'), ['head 201', 'part']],
    ['flushHeaders', (res) => res.flushHeaders(), ['head 201', 'flushed']],
  ])('are sent before %s', (_what, answer, order) => {
    const { res, sent } = http2Response()
    res.writeHead(201)
    answer(res)
    expect(sent).toEqual(order)
  })

  it('wait for the commit together with the end', async () => {
    const { res, sent, commit } = http2Response()
    res.writeHead(201)
    res.end('body')
    await turns()
    expect(sent).toEqual([])
    commit()
    expect(sent).toEqual(['head 201', 'end body'])
  })

  it('are sent with the body before the error of the commit is passed to next', async () => {
    const { res, sent, next, commit } = http2Response()
    next.mockImplementation(() => sent.push('told'))
    res.end('body')
    commit(new Error('down'))
    await turns(5)
    expect(sent).toEqual(['head 200', 'end body', 'told'])
  })

  it('are sent without writeHead, with the status at the end', () => {
    const { res, sent, commit, onHeaders } = http2Response()
    res.statusCode = 404
    res.end('body')
    commit()
    expect(sent).toEqual(['head 404', 'end body'])
    expect(onHeaders).toHaveBeenCalledTimes(1)
  })

  it('are those of the first writeHead; Node gets the second one, and refuses it', () => {
    const { res, sent } = http2Response()
    res.writeHead(201)
    res.writeHead(202)
    expect(sent).toEqual(['head 201', 'head 202'])
  })

  it('have an error that Node throws for them passed to next', async () => {
    const fault = new Error('bad header')
    const { res, next } = http2Response(() => {
      throw fault
    })
    res.writeHead(200)
    await turns()
    expect(next.mock.calls).toEqual([[fault]])
  })
})

async function heldHead(answer: Answer, request?: object) {
  const { res, wire, commit } = createHeldResponse({}, request)
  answer(res)
  commit()
  await turns()
  return linesOf(wire())
}

async function plainHead(answer: Answer, request?: object) {
  const { res, wire } = createResponse(request)
  answer(res)
  await turns()
  return linesOf(wire())
}

/** Splits a response into status line, headers (sorted, names in lower case) and body. */
function linesOf(sent: string) {
  const [head = '', ...body] = sent.replace(/(Date: ).*\r\n/, '$1today\r\n').split('\r\n\r\n')
  const [status, ...headers] = head.split('\r\n')
  return [status, headers.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())).sort(), body]
}

/** Creates a held response that behaves like Node's for HTTP/2 and records what is sent, in order. */
function http2Response(fault = () => {}) {
  const sent: string[] = []
  let commit: (err?: unknown) => void = () => {}
  const res = {
    stream: {},
    req: { httpVersionMajor: 2 },
    headersSent: false,
    statusCode: 200,
    getHeader: () => undefined,
    getHeaderNames: () => [],
    setHeader: (name: string, value: string) => sent.push(`${name}: ${value}`),
    writeHead(...args: unknown[]) {
      fault()
      res.headersSent = true
      const shown = args.filter((arg) => arg !== undefined)
      sent.push(['head', ...shown.map((arg) => JSON.stringify(arg))].join(' '))
      return res
    },
    write: (chunk: string) => sent.push(chunk),
    flushHeaders: () => sent.push('flushed'),
    end: (chunk: string) => sent.push(`end ${chunk}`),
  }
  const [onHeaders, next] = [vi.fn(), vi.fn()]
  const onEnd = () => (done: () => void) => {
    commit = done
  }
  holdResponse(res as never, {
    onHeaders,
    next,
    onEnd,
    onStream() {},
    onDisconnect() {},
    cookie: undefined,
  })
  return {
    res: res as unknown as ServerResponse,
    sent,
    onHeaders,
    next,
    commit: (err?: unknown) => commit(err),
  }
}
