import onHeaders from 'on-headers'
import { describe, expect, it } from 'vitest'
import { type Host, http2Host, type Layer, type Res } from '../support/app'
import { codeOf } from '../support/code-of'
import { connectHttp2 } from '../support/http2-client'
import { crashesOf } from '../support/outcome'
import { connect, rawRequest } from '../support/raw-client'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import type { TestStore } from '../support/store'

/** Wraps `end` before the session does, as compression, an APM or another session middleware do. */
const wrapEnd: Layer = (_req, res, next) => {
  const { end } = res
  res.end = ((...args: Parameters<typeof end>) => end.apply(res, args)) as typeof end
  next()
}

const late: Record<string, (res: Res) => unknown> = {
  setHeader: (res) => res.setHeader('X-Late', '1'),
  appendHeader: (res) => res.appendHeader('X-Page', 'late'),
  removeHeader: (res) => res.removeHeader('X-Page'),
  writeHead: (res) => res.writeHead(500, { 'Content-Length': 4 }),
  flushHeaders: (res) => Object.assign(res, { statusCode: 500 }).flushHeaders(),
  end: (res) => Object.assign(res, { statusCode: 500 }).end('oops'),
}

/** Starts an app that ends its response, then runs `work` while the save is not finished. */
async function startLate(host: Host, before: Layer[], work: (res: Res) => unknown) {
  let held: Res | undefined
  const app = await startSessionApp({ host, before }, logIn, (_req, res) => {
    held = res
    res.setHeader('X-Page', 'home')
    res.end('hello world')
  })
  const write = app.store.hold('set')
  const thrown = write.called.then(async () => {
    const code = codeOf(() => work(held as Res))
    await roundTrip()
    const { headersSent, writableEnded } = held as Res
    write.release()
    return { code, headersSent, writableEnded }
  })
  return { ...app, thrown }
}

const REFUSED = ['setHeader', 'appendHeader', 'removeHeader', 'writeHead']

describe.each(http1Hosts)('a held response on $name', (host) => {
  describe.each([
    ['Node’s end', []],
    ['another end', [wrapEnd]],
  ])('that wraps %s', (_what, before) => {
    it.each(Object.entries(late))('is not changed by %s during the save', async (name, work) => {
      const { port, thrown } = await startLate(host, before, work)
      const response = await rawRequest(port, 'GET /')
      expect(await thrown).toEqual({
        code: REFUSED.includes(name) ? 'ERR_HTTP_HEADERS_SENT' : undefined,
        headersSent: true,
        writableEnded: false,
      })
      expect([response.status, response.content]).toEqual([200, 'hello world'])
      const names = response.headers.map(([header]) => header.toLowerCase())
      expect([names.includes('x-page'), names.includes('x-late')]).toEqual([true, false])
    })
  })

  it('with invalid headers becomes an error response with its own Content-Length', async () => {
    const { port, errors } = await startSessionApp({ host, before: [wrapEnd] }, logIn, (_req, res) => {
      res.statusCode = 99
      res.end('hello')
    })
    const response = await rawRequest(port, 'GET /')
    expect([response.status, errors.length]).toEqual([500, 1])
    expect(response.content).toBe(errors[0]?.message)
  })

  it('has the Content-Length of the second body when the handler ends again after an error', async () => {
    const broken: Layer = (_req, res, next) => {
      onHeaders(res, () => {
        if (!res.getHeader('X-Repaired')) throw new Error('a much longer message than the body was')
      })
      next()
    }
    const repair: Layer = (_req, res) => {
      try {
        res.end('hello')
      } catch (err) {
        res.setHeader('X-Repaired', 'yes')
        res.end((err as Error).message)
      }
    }
    const { port } = await startSessionApp({ host }, logIn, broken, repair)
    expect((await rawRequest(port, 'GET /')).content).toBe('a much longer message than the body was')
  })
})

describe('a held response over HTTP/2', () => {
  it.each(Object.entries(late))('is not changed by %s during the save', async (name, work) => {
    const { port, thrown } = await startLate(http2Host, [], work)
    const response = await connectHttp2(port).request('GET', '/').response
    expect(await thrown).toEqual({
      code: REFUSED.includes(name) ? 'ERR_HTTP_HEADERS_SENT' : undefined,
      headersSent: true,
      writableEnded: false,
    })
    expect(response).toMatchObject({ status: 200, content: 'hello world', headers: { 'x-page': 'home' } })
  })

  it('becomes an error response when an on-headers listener throws', async () => {
    const broken: Layer = (_req, res, next) => {
      onHeaders(res, () => {
        throw new Error('no head')
      })
      next()
    }
    const crashes = await crashesOf(async () => {
      const { port } = await startSessionApp({ host: http2Host }, logIn, broken, (_req, res) => res.end('x'))
      const response = await connectHttp2(port).request('GET', '/').response
      expect([response.status, response.content]).toEqual([500, 'no head'])
    })
    expect(crashes).toEqual([])
  })

  it.each<[string, Layer]>([
    ['end', (_req, res) => res.end('x')],
    [
      'write',
      (_req, res) => {
        res.write('x')
        res.end()
      },
    ],
    ['writeHead', (_req, res) => res.writeHead(200).end('x')],
  ])('runs the on-headers listeners of middlewares after the session, with %s', async (_what, end) => {
    const note: Layer = (_req, res, next) => {
      onHeaders(res, () => res.setHeader('X-Seen', 'yes'))
      next()
    }
    const { port } = await startSessionApp({ host: http2Host }, logIn, note, end)
    const { headers } = await connectHttp2(port).request('GET', '/').response
    expect([headers['x-seen'], headers['set-cookie']?.length]).toEqual(['yes', 1])
  })
})

describe('a session.save that the application replaced and that calls back twice', () => {
  it.each<[string, (done: () => void) => void]>([
    ['at once', (done) => [done(), done()]],
    ['in one later event loop turn', (done) => setImmediate(() => [done(), done()])],
    ['in two event loop turns', (done) => [setImmediate(done), setImmediate(() => setImmediate(done))]],
  ])('%s ends the response once', async (_when, save) => {
    const { port, store } = await startSessionApp({}, logIn, (req, res) => {
      Object.defineProperty(req.session, 'save', { value: save })
      res.end('x')
    })
    const crashes = await crashesOf(async () => {
      const client = await connect(port)
      expect((await client.request('GET /').response()).content).toBe('x')
      await roundTrip()
    })
    expect([crashes, (store as TestStore).calls]).toEqual([[], []])
  })
})
