import { createServer } from 'node:http'
import express from 'express'
import { describe, expect, it, vi } from 'vitest'
import { http2Host, type Layer, nodeHost, type Req, type Res } from '../support/app'
import { eventually } from '../support/eventually'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { crashesOf } from '../support/outcome'
import { rawRequest } from '../support/raw-client'
import { headerValues } from '../support/raw-response'
import { DISCARDED, expectReplaced, KEPT } from '../support/replaced-headers'
import { http1Hosts, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const faults: Record<string, (req: Req) => unknown> = {
  'a BigInt': (req) => Object.assign(req.session, { value: 1n }),
  'a circular reference': (req) => Object.assign(req.session, { value: req.session }),
  'a toJSON that throws': (req) => Object.assign(req.session, { value: { toJSON: raise } }),
  'a session that is no object': (req) => Object.assign(req, { session: 'text' }),
  'a wrong cookie attribute': (req) => {
    req.session.user = 'ada'
    Object.assign(req.session.cookie, { originalMaxAge: {} })
  },
}

const discarded = { ...DISCARDED, 'Content-Length': '5' }

describe.each(http1Hosts)('a response that is replaced, on $name', (host) => {
  it.each(Object.entries(faults))('keeps no header of the discarded body, for %s', async (_what, spoil) => {
    const { port, errors } = await startSessionApp({ host }, (req, res) => {
      spoil(req)
      res.statusCode = 302
      res.statusMessage = 'Moved'
      for (const [name, value] of Object.entries({ ...discarded, ...KEPT })) res.setHeader(name, value)
      res.end('12345')
    })
    const response = await rawRequest(port, 'GET /')
    expect([response.status, response.content]).toEqual([500, errors[0]?.message])
    expectReplaced(response, discarded)
  })
})

it('a compressed page that is replaced is sent without its encoding', async () => {
  const app = express().set('env', 'test')
  app.use(ours({ ...SETTINGS, store: createStore() }) as never)
  app.get('/', (req, res) => {
    Object.assign(req.session, { value: 1n })
    res.set('Content-Encoding', 'br').send({ page: 'home' })
  })
  const response = await rawRequest(await listen(createServer(app)), 'GET /')
  expect(response.status).toBe(500)
  expect(headerValues(response, 'content-encoding')).toEqual([])
  expect(headerValues(response, 'content-type')).toEqual(['text/html; charset=utf-8'])
  expect(response.content).toMatch(/BigInt/)
})

it('a response without a body that is replaced says where its new body ends', async () => {
  const { port } = await startSessionApp({}, (req, res) => {
    Object.assign(req.session, { value: 1n })
    ;(res as unknown as express.Response).sendStatus(204)
  })
  const response = await rawRequest(port, 'GET /')
  expect(response.status).toBe(500)
  expect(response.content).toMatch(/BigInt/)
})

/** Ways in which a framework treats a second call of `next`. */
const frameworks: Record<string, (next: () => void) => (err?: unknown) => void> = {
  'ignores it, as a promise does': (next) => once(next, () => {}),
  'throws at it': (next) =>
    once(next, () => {
      throw new Error('next was called twice')
    }),
}

describe.each([nodeHost, http2Host])('a framework whose next counts once, on $name', (host) => {
  it.each(Object.entries(frameworks))('%s: the client gets a bare 500', async (_how, wrap) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const warnings: Error[] = []
      process.on('warning', (warning) => warnings.push(warning))
      const session = ours({ ...SETTINGS, store: createStore() }) as Layer
      const app = host.serve(
        (req, res, next) => session(req, res, wrap(next)),
        storeBigInt,
        (_req, res) => {
          res.setHeader('Content-Length', '4')
          res.end('page')
        },
      )
      const asked = app.get().then((response) => response)
      const timer = setInterval(() => vi.advanceTimersByTime(1_000), 5)
      const crashes = await crashesOf(async () => {
        const { status, text } = await asked
        expect([status, text]).toEqual([500, ''])
      })
      clearInterval(timer)
      expect(crashes).toEqual([])
      await eventually(() => expect(warnings.map(String)).toContainEqual(expect.stringMatching(/BigInt/)))
    } finally {
      vi.useRealTimers()
      process.removeAllListeners('warning')
    }
  })

  it('gives an asynchronous error handler its time', async () => {
    const session = ours({ ...SETTINGS, store: createStore() }) as Layer
    const answer = (err: unknown, res: Res) => setTimeout(() => res.writeHead(503).end(String(err)), 50)
    const app = host.serve(
      (req, res, next) => session(req, res, (err?: unknown) => void (err ? answer(err, res) : next())),
      storeBigInt,
      (_req, res) => void res.end('page'),
    )
    const { status } = await app.get()
    expect(status).toBe(503)
  })
})

it('a next that throws after a failed save ends no process', async () => {
  const store = createStore()
  store.fail('set', new Error('down'))
  const session = ours({ ...SETTINGS, store }) as Layer
  const wrap = frameworks['throws at it'] as (next: () => void) => (err?: unknown) => void
  const app = nodeHost.serve(
    (req, res, next) => session(req, res, wrap(next)),
    storeUser,
    (_req, res) => void res.end('x'),
  )
  const crashes = await crashesOf(async () => {
    expect((await app.get()).text).toBe('x')
    await new Promise((resolve) => setImmediate(setImmediate, resolve))
  })
  expect(crashes).toEqual([])
})

describe('strictContentLength', () => {
  it.each<[string, (res: Res) => unknown]>([
    ['a body that is too short', (res) => res.setHeader('Content-Length', '9').end('body')],
    ['a body that is too long', (res) => res.setHeader('Content-Length', '2').end('body')],
    ['a length in writeHead', (res) => res.writeHead(200, { 'Content-Length': 9 }).end('body')],
    [
      'a stream',
      (res) => {
        res.setHeader('Content-Length', '9').write('fir')
        res.end('body')
      },
    ],
  ])('throws from end for %s, as without a session', async (_what, answer) => {
    const throwing = (res: Res) => {
      res.strictContentLength = true
      try {
        answer(res)
        return 'nothing'
      } catch (err) {
        return (err as { code: string }).code
      } finally {
        res.destroy()
      }
    }
    const codes: string[] = []
    const handle: Layer = (_req, res) => void codes.push(throwing(res))
    await nodeHost
      .serve(handle)
      .get()
      .catch(() => {})
    await nodeHost
      .serve(ours({ ...SETTINGS, store: createStore() }) as Layer, storeUser, handle)
      .get()
      .catch(() => {})
    expect(codes).toEqual(['ERR_HTTP_CONTENT_LENGTH_MISMATCH', 'ERR_HTTP_CONTENT_LENGTH_MISMATCH'])
  })

  it('sends a body of the right length', async () => {
    const session = ours({ ...SETTINGS, store: createStore() }) as Layer
    const app = nodeHost.serve(session, storeUser, (_req, res) => {
      res.strictContentLength = true
      res.setHeader('Content-Length', '9').write('first')
      res.end('last')
    })
    expect((await app.get()).text).toBe('firstlast')
  })
})

function storeBigInt(req: Req, _res: Res, next: () => void) {
  Object.assign(req.session, { value: 1n })
  next()
}

function storeUser(req: Req, _res: Res, next: () => void) {
  req.session.user = 'ada'
  next()
}

function once(first: () => void, then: () => void): (err?: unknown) => void {
  let isCalled = false
  return () => {
    if (isCalled) return then()
    isCalled = true
    first()
  }
}

function raise(): never {
  throw new Error('toJSON')
}
