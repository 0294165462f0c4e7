import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import compression from 'compression'
import type { Response } from 'express'
import express from 'express'
import { afterAll, describe, expect, it, vi } from 'vitest'
import {
  express4Host,
  express5Host,
  http2Host,
  type Layer,
  nodeHost,
  type Req,
  type Res,
} from '../support/app'
import { signedCookie } from '../support/cookies'
import { eventually } from '../support/eventually'
import { connectHttp2 } from '../support/http2-client'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { crashesOf } from '../support/outcome'
import { connect } from '../support/raw-client'
import { headerValues, type RawResponse } from '../support/raw-response'
import { record } from '../support/records'
import { DISCARDED, expectReplaced, KEPT } from '../support/replaced-headers'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const down = new Error('READONLY')
const options = { failOnSaveError: true }
const COOKIE = `Cookie: ${signedCookie('a')}`

const folder = mkdtempSync(join(tmpdir(), 'fail-on-save-error-'))
afterAll(() => rmSync(folder, { recursive: true }))
const [small, large] = [1_000, 3_000_000].map((length) => {
  const file = join(folder, `${length}.txt`)
  writeFileSync(file, 'x'.repeat(length))
  return file
}) as [string, string]

type Page = (res: Res) => unknown

/** Responses of which nothing is sent before the save is done. */
const pages: Record<string, Page> = {
  'a body': (res) => {
    res.setHeader('ETag', '"1"')
    res.end('page')
  },
  'a long body': (res) => res.end('x'.repeat(500_000)),
  'no body': (res) => res.end(),
  'a redirect': (res) => res.writeHead(302, { Location: '/home' }).end(),
  'a status without a body': (res) => {
    res.statusCode = 304
    res.end()
  },
  'writeHead, and a status without a body': (res) => res.writeHead(304).end(),
  'writeHead with headers': (res) =>
    res.writeHead(201, { 'Content-Type': 'text/css', 'Content-Length': 4, ETag: '"1"' }).end('page'),
  'writeHead with a reason': (res) => res.writeHead(201, 'Made', { 'Cache-Control': 'public' }).end('page'),
}

/** Responses that begin before their end, and wait for the save. They need HTTP/1. */
const waiting: Record<string, Page> = {
  'a write and the end in one tick': (res) => {
    res.write('first')
    res.end('last')
  },
  'a write of bytes and the end in one tick': (res) => {
    res.write(Buffer.from('first'))
    res.end(Buffer.from('last'))
  },
  'a body of a strict length': (res) => {
    res.strictContentLength = true
    res.setHeader('Content-Length', 9).write('first')
    res.end('last')
  },
  'writeHead, and the end later': (res) => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' })
    setTimeout(() => res.end(), 20)
  },
  'a stream with a length': (res) => {
    res.setHeader('Content-Length', 500_000)
    Readable.from(Array.from({ length: 50 }, () => 'x'.repeat(10_000))).pipe(res)
  },
  'a stream with a length that ends much later': (res) => {
    res.setHeader('Content-Length', 10)
    res.write('first')
    setTimeout(() => res.end('lates'), 30)
  },
}

const expressPages: Record<string, (res: Response) => unknown> = {
  'res.json': (res) => res.json({ page: 'home' }),
  'res.send': (res) => res.send('page'),
  'res.redirect': (res) => res.redirect('/home'),
  'res.sendStatus': (res) => res.sendStatus(204),
  'res.sendFile of a small file': (res) => res.sendFile(small),
  'res.sendFile of a large file': (res) => res.sendFile(large),
  'res.download': (res) => res.download(small, 'page.txt'),
}

describe.each(http1Hosts)('failOnSaveError on $name', (host) => {
  const all = { ...pages, ...waiting, ...(host === nodeHost ? {} : (expressPages as Record<string, Page>)) }

  it.each(Object.entries(all))(
    'sends the answer of the error handler, and nothing of %s, if a save fails',
    async (_name, page) => {
      const { port, store, errors } = await startSessionApp({ host, options }, toPage(page))
      store.fail('set', down)
      const client = (await connect(port)).request('GET /page')
      expectError(await client.response())
      await expectUsable(client)
      expect(errors).toEqual([down])
      expect(store.methods().filter((method) => method === 'set')).toHaveLength(1)
    },
  )

  it.each(Object.entries(all))('answers a HEAD request for %s with the status 500', async (_name, page) => {
    const { port, store, errors } = await startSessionApp({ host, options }, toPage(page))
    store.fail('set', down)
    const client = (await connect(port)).request('HEAD /page')
    expect((await client.response()).status).toBe(500)
    await expectUsable(client)
    expect(errors).toEqual([down])
  })

  it.each(Object.entries(all))('sends %s as without the option if the save is done', async (_name, page) => {
    const plain = await startSessionApp({ host }, toPage(page))
    const { port, errors } = await startSessionApp({ host, options }, toPage(page))
    const [expected, response] = await Promise.all(
      [plain.port, port].map(async (each) => (await connect(each)).request('GET /page').response()),
    )
    expect(normalise(response as RawResponse)).toEqual(normalise(expected as RawResponse))
    expect(headerValues(response as RawResponse, 'set-cookie')).toHaveLength(1)
    expect(errors).toEqual([])
  })

  it.each(Object.entries(all))('answers pipelined requests for %s in order', async (_name, page) => {
    const { port, store, errors } = await startSessionApp({ host, options }, toPage(page))
    store.fail('set', down)
    const client = (await connect(port)).request('GET /page').request('GET /page').request('GET /')
    expectError(await client.response())
    expectError(await client.response())
    expect((await client.response()).content).toBe('usable')
    expect(errors).toEqual([down, down])
  })

  it('passes a failed destroy to the error handler', async () => {
    const { port, store, errors } = await startSessionApp(
      { host, options: { ...options, unset: 'destroy' } },
      (req, res) => {
        Object.assign(req, { session: null })
        res.end('page')
      },
    )
    store.put('a', record({ user: 'ada' }))
    store.fail('destroy', down)
    expectError(await (await connect(port)).request('GET /', COOKIE).response())
    expect(errors).toEqual([down])
  })

  it('reports a failed touch after the response, as without the option', async () => {
    const { port, store, errors } = await startSessionApp(
      { host, options },
      (_req, res) => void res.end('page'),
    )
    store.put('a', record({ user: 'ada' }))
    store.fail('touch', down)
    const response = await (await connect(port)).request('GET /', COOKIE).response()
    expect([response.status, response.content]).toEqual([200, 'page'])
    expect(headerValues(response, 'connection')).toEqual(['close'])
    await eventually(() => expect(errors).toEqual([down]))
  })

  it('cuts a stream that has begun at its end, not before', async () => {
    let finish = () => {}
    const { port, store, errors } = await startSessionApp({ host, options }, logIn, (_req, res) => {
      res.write('first')
      finish = () => {
        res.write('middle')
        setImmediate(() => res.end('last'))
      }
    })
    store.fail('set', down)
    const client = (await connect(port)).request('GET /')
    await client.text('first')
    expect(errors).toEqual([])
    finish()
    await client.close()
    expect(client.received).toContain('middle')
    expect(client.received).not.toContain('last')
    expect(client.received).not.toMatch(/\r\n0\r\n/)
    await eventually(() => expect(errors).toEqual([down]))
  })

  it('cuts a stream whose later changes are not saved at its end', async () => {
    const { port, store, errors } = await startSessionApp({ host, options }, logIn, (req, res) => {
      res.write('first')
      setTimeout(() => {
        store.fail('set', down)
        req.session.views = 1
        res.end('last')
      }, 20)
    })
    const client = (await connect(port)).request('GET /')
    await client.close()
    expect(client.received).toContain('first')
    expect(client.received).not.toContain('last')
    await eventually(() => expect(errors).toEqual([down]))
  })

  it('shows a response as sent while it is held, and ignores late calls', async () => {
    const seen: unknown[] = []
    const { port, store } = await startSessionApp({ host, options }, logIn, (_req, res) => {
      res.setHeader('X-Page', 'home')
      res.end('page', () => seen.push('ended'))
      seen.push(
        res.headersSent,
        res.writableEnded,
        codeOf(() => res.setHeader('X-Late', '1')),
      )
      seen.push(
        codeOf(() => res.writeHead(404)),
        codeOf(() => res.removeHeader('X-Page')),
      )
      res.statusCode = 404
      seen.push(res.write('late'))
      res.end('late', () => seen.push('ended again'))
    })
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await write.called
    const refused = 'ERR_HTTP_HEADERS_SENT'
    expect(seen).toEqual([true, false, refused, refused, refused, true])
    write.release()
    const response = await client.response()
    expect([response.status, response.content]).toEqual([200, 'page'])
    await eventually(() => expect(seen.slice(6).sort()).toEqual(['ended', 'ended again']))
  })

  it('ignores late calls if the save fails, and calls their callbacks', async () => {
    const seen: unknown[] = []
    const { port, store, errors } = await startSessionApp({ host, options }, logIn, (_req, res) => {
      res.end('page', () => seen.push('ended'))
      res.write('late', () => seen.push('written'))
      res.end('late', () => seen.push('ended again'))
      res.on('finish', () => setImmediate(() => res.write('much later')))
    })
    store.fail('set', down)
    const crashes = await crashesOf(async () => {
      expectError(await (await connect(port)).request('GET /').response())
      await eventually(() => expect([...seen].sort()).toEqual(['ended', 'ended again', 'written']))
      await roundTrip()
    })
    expect([crashes, errors]).toEqual([[], [down]])
  })

  it('sends the answer of a slow error handler', async () => {
    const store = createStore()
    store.fail('set', down)
    const session = ours({ ...SETTINGS, ...options, store }) as Layer
    const answer = (err: unknown, res: Res) => setTimeout(() => res.writeHead(503).end(String(err)), 50)
    const app = host.serve(
      (req, res, next) => session(req, res, (err?: unknown) => void (err ? answer(err, res) : next())),
      logIn,
      (_req, res) => void res.setHeader('Content-Length', 4).end('page'),
    )
    const response = await (await connect(await listen(app.server))).request('GET /').response()
    expect([response.status, response.content]).toEqual([503, 'Error: READONLY'])
  })

  it('sends the answer of an error handler that streams', async () => {
    const store = createStore()
    store.fail('set', down)
    const session = ours({ ...SETTINGS, ...options, store }) as Layer
    const pieces = Array.from({ length: 50 }, () => 'x'.repeat(20_000))
    const app = host.serve(
      (req, res, next) =>
        session(req, res, (err?: unknown) => void (err ? Readable.from(pieces).pipe(res) : next())),
      logIn,
      (_req, res) => waiting['a write and the end in one tick']?.(res),
    )
    const response = await (await connect(await listen(app.server))).request('GET /').response()
    expect([response.status, response.content.length]).toEqual([500, 1_000_000])
  })

  it('reports the error once if the client has disconnected', async () => {
    const { port, store, errors } = await startSessionApp({ host, options }, logIn, (_req, res) => {
      res.end('page')
    })
    const called = new Promise<() => void>((resolve) => {
      store.set = (_sid, _session, done) => resolve(() => done?.(down))
    })
    const client = (await connect(port)).request('GET /')
    const fail = await called
    client.abort()
    await roundTrip()
    const crashes = await crashesOf(async () => {
      fail()
      await eventually(() => expect(errors).toEqual([down]))
      await roundTrip()
    })
    expect([crashes, errors]).toEqual([[], [down]])
  })

  it.each([
    ['with a length', { 'Content-Length': 9 }, true],
    ['without a length', {}, true],
    ['with a length that the handler does not end', { 'Content-Length': 9 }, false],
    ['without a length that the handler does not end', {}, false],
  ])('reports the error once if the client leaves a stream %s', async (_what, headers, mustEnd) => {
    let finish = () => {}
    const closed = new Promise<void>((resolve) => {
      finish = resolve
    })
    const { port, store, errors } = await startSessionApp({ host, options }, logIn, (_req, res) => {
      res.writeHead(200, headers).write('first')
      res.on('close', () => {
        res.write('late')
        if (mustEnd) res.end('last')
        finish()
      })
    })
    const failed = new Promise<void>((resolve) => {
      store.set = (_sid, _session, done) => {
        done?.(down)
        setImmediate(resolve)
      }
    })
    const client = (await connect(port)).request('GET /')
    await failed
    const crashes = await crashesOf(async () => {
      client.abort()
      await closed
      await eventually(() => expect(errors).toEqual([down]))
      await roundTrip()
    })
    expect([crashes, errors]).toEqual([[], [down]])
  })

  it('keeps the headers of other middleware, and none of the discarded body', async () => {
    const discarded = { ...DISCARDED, 'Transfer-Encoding': 'chunked' }
    for (const isBuilt of [false, true]) {
      const { port, store } = await startSessionApp({ host, options }, logIn, (_req, res) => {
        for (const [name, value] of Object.entries({ ...KEPT, ...discarded })) res.setHeader(name, value)
        if (isBuilt) res.writeHead(200)
        res.end('page')
      })
      store.fail('set', down)
      const response = await (await connect(port)).request('GET /').response()
      expectError(response)
      expectReplaced(response, discarded)
    }
  })

  it('passes on what an explicit save has failed with to its callback only', async () => {
    const { port, store, errors } = await startSessionApp({ host, options }, (req, res) => {
      req.session.user = 'ada'
      req.session.save((err) => res.end(err.message))
    })
    store.fail('set', down)
    const response = await (await connect(port)).request('GET /').response()
    expect([response.status, response.content]).toEqual([200, 'READONLY'])
    expect([store.methods(), errors]).toEqual([['set'], []])
  })

  it('saves what has changed since an explicit save failed', async () => {
    const { port, store, errors } = await startSessionApp({ host, options }, (req, res) => {
      req.session.user = 'ada'
      req.session.save(() => {
        req.session.views = 1
        res.end('page')
      })
    })
    store.fail('set', down)
    expectError(await (await connect(port)).request('GET /').response())
    expect([store.methods(), errors]).toEqual([['set', 'set'], [down]])
  })

  it('replaces a response whose head is built, if the session cannot be JSON', async () => {
    const { port } = await startSessionApp({ host, options }, (req, res) => {
      req.session.value = 1n
      res.writeHead(200, { 'Content-Type': 'text/css' }).end('page')
    })
    const response = await (await connect(port)).request('GET /').response()
    expect([response.status, response.content]).toEqual([500, expect.stringMatching(/BigInt/)])
  })

  it('replaces a response if the id of a new session cannot be made', async () => {
    const { port, store } = await startSessionApp(
      { host, options: { ...options, genid: () => Promise.reject(down) as never } },
      (req, res) => {
        req.session.destroy(() => {
          Object.assign(req, { session: { user: 'ada' } })
          res.end('page')
        })
      },
    )
    store.put('a', record({ user: 'ada' }))
    expectError(await (await connect(port)).request('GET /', COOKIE).response())
  })

  it('does not call the error handler a second time if its answer cannot be saved either', async () => {
    const { port, store, errors } = await startSessionApp({ host, options }, (req, res) => {
      req.session.user = 'ada'
      res.end('page')
    })
    store.fail('set', down)
    expectError(await (await connect(port)).request('GET /').response())
    await roundTrip()
    expect([store.methods(), errors]).toEqual([['set'], [down]])
  })
})

describe('failOnSaveError', () => {
  const failures: [what: string, set: (...args: never[]) => unknown][] = [
    ['throws', () => raise(down)],
    ['rejects', () => Promise.reject(down)],
    [
      'fails in the same tick',
      (_sid: string, _session: object, done: (err: unknown) => void) => void done(down),
    ],
  ]

  it.each(failures)('sends the answer of the error handler for a store that %s', async (_what, set) => {
    const { port, store, errors } = await startSessionApp({ options }, toPage(pages['a body'] as Page))
    Object.assign(store, { set })
    const client = (await connect(port)).request('GET /page')
    expectError(await client.response())
    await expectUsable(client)
    expect(errors).toEqual([down])
  })

  it('sends the answer of the error handler for a store that does not answer within storeTimeout', async () => {
    const { port, store, errors } = await startSessionApp(
      { options: { ...options, storeTimeout: 20 } },
      toPage(pages['a body'] as Page),
    )
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /page')
    const response = await client.response()
    expect([response.status, response.content]).toEqual([500, expect.stringMatching(/not answered set\(\)/)])
    write.release()
    await expectUsable(client)
    expect(errors).toMatchObject([{ code: 'ERR_SESSION_STORE_TIMEOUT' }])
    expect(store.methods()).toEqual(['set'])
  })

  it('holds the bytes of a stream with resave, too', async () => {
    const { port, store } = await startSessionApp({ options: { ...options, resave: true } }, (_req, res) => {
      res.write('first')
      res.end('last')
    })
    store.put('a', record({ user: 'ada' }))
    store.fail('set', down)
    expectError(await (await connect(port)).request('GET /', COOKIE).response())
  })

  it('works with compression before the session', async () => {
    const { port, store } = await startSessionApp(
      { options, before: [compression({ threshold: 0 }) as never] },
      toPage(((res: Response) => res.type('txt').send('page'.repeat(1_000))) as never),
    )
    store.fail('set', down)
    const client = (await connect(port)).request('GET /page', 'Accept-Encoding: gzip')
    const response = await client.response()
    expect(response.status).toBe(500)
    await expectUsable(client)
  })

  it('cuts a response that a later middleware has compressed', async () => {
    const { port, store, errors } = await startSessionApp(
      { options },
      logIn,
      compression({ threshold: 0 }) as never,
      ((_req: unknown, res: Response) => res.type('txt').send('page'.repeat(1_000))) as never,
    )
    store.fail('set', down)
    const client = (await connect(port)).request('GET /page', 'Accept-Encoding: gzip')
    await client.close()
    expect(client.received).not.toMatch(/\r\n0\r\n/)
    await eventually(() => expect(errors).toEqual([down]))
  })

  it('sends a bare 500 if no error handler answers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const store = createStore()
    store.fail('set', down)
    const session = ours({ ...SETTINGS, ...options, store }) as Layer
    let isFirst = true
    const app = nodeHost.serve(
      (req, res, next) =>
        session(req, res, () => {
          if (isFirst) next()
          isFirst = false
        }),
      logIn,
      (_req, res) => void res.setHeader('Content-Length', 4).end('page'),
    )
    const onWarning = vi.fn()
    process.on('warning', onWarning)
    try {
      const asked = (await connect(await listen(app.server))).request('GET /').response()
      const timer = setInterval(() => vi.advanceTimersByTime(1_000), 5)
      const response = await asked
      clearInterval(timer)
      expect([response.status, response.content]).toEqual([500, ''])
      await eventually(() => expect(onWarning).toHaveBeenCalled())
    } finally {
      vi.useRealTimers()
      process.off('warning', onWarning)
    }
  })

  it.each([
    ['Express 4', express4Host],
    ['Express 5', express5Host],
  ])('works with the error handler of %s', async (_name, host) => {
    const store = createStore()
    store.fail('set', down)
    const app = host === express5Host ? express() : (await import('express4')).default()
    app.set('env', 'test')
    app.use(ours({ ...SETTINGS, ...options, store }) as never, logIn as never)
    app.use(((_req: Req, res: Response) => res.json({ page: 'home' })) as never)
    const client = (await connect(await listen(createServer(app as never)))).request('GET /')
    const response = await client.response()
    expect([response.status, response.content]).toEqual([500, expect.stringContaining('READONLY')])
    expect(headerValues(response, 'content-type')).toEqual(['text/html; charset=utf-8'])
  })
})

describe('failOnSaveError on HTTP/2', () => {
  it.each(Object.entries(pages))(
    'sends the answer of the error handler, and nothing of %s, if a save fails',
    async (_name, page) => {
      const { port, store, errors } = await startSessionApp({ host: http2Host, options }, toPage(page))
      store.fail('set', down)
      const client = connectHttp2(port)
      const response = await client.request('GET', '/page').response
      expect([response.status, response.content]).toEqual([500, 'READONLY'])
      for (const name of ['etag', 'location', 'content-type', 'set-cookie', 'cache-control']) {
        expect(response.headers[name]).toBeUndefined()
      }
      expect((await client.request('GET', '/').response).content).toBe('usable')
      expect((await client.request('HEAD', '/page').response).status).toBe(500)
      expect(errors).toEqual([down, down])
    },
  )

  it.each(Object.entries(pages))(
    'sends %s as without the option if the save is done',
    async (_name, page) => {
      const plain = await startSessionApp({ host: http2Host }, toPage(page))
      const { port } = await startSessionApp({ host: http2Host, options }, toPage(page))
      const [expected, response] = await Promise.all(
        [plain.port, port].map((each) => connectHttp2(each).request('GET', '/page').response),
      )
      const bare = { date: '', 'set-cookie': [] }
      expect({ ...response, headers: { ...response?.headers, ...bare } }).toEqual({
        ...expected,
        headers: { ...expected?.headers, ...bare },
      })
    },
  )

  it('replaces a stream that ends without a body while its save is running', async () => {
    let fail = () => {}
    const { port, store, errors } = await startSessionApp(
      { host: http2Host, options },
      toPage((res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' })
        setImmediate(() => {
          res.end()
          fail()
        })
      }),
    )
    store.set = (_sid, _session, done) => {
      fail = () => done?.(down)
    }
    const response = await connectHttp2(port).request('GET', '/page').response
    expect([response.status, response.content, errors]).toEqual([500, 'READONLY', [down]])
    expect(response.headers['content-type']).toBeUndefined()
  })

  it('sends nothing of a stream that ends with a body while its save is running', async () => {
    let fail = () => {}
    const { port, store, errors } = await startSessionApp(
      { host: http2Host, options },
      toPage((res) => {
        res.write('first')
        setImmediate(() => {
          res.end('last')
          fail()
        })
      }),
    )
    store.set = (_sid, _session, done) => {
      fail = () => done?.(down)
    }
    const { seen, response } = connectHttp2(port).request('GET', '/page')
    await expect(response).rejects.toThrow()
    expect(seen).toEqual({ headers: undefined, content: '' })
    await eventually(() => expect(errors).toEqual([down]))
  })

  it('cuts a stream that has begun at its end, not before', async () => {
    let finish = () => {}
    const { port, store, errors } = await startSessionApp(
      { host: http2Host, options },
      logIn,
      (_req, res) => {
        res.write('first')
        finish = () => {
          res.write('middle')
          setImmediate(() => res.end('last'))
        }
      },
    )
    store.fail('set', down)
    const { seen, response } = connectHttp2(port).request('GET', '/')
    await eventually(() => expect(seen.content).toBe('first'))
    finish()
    await expect(response).rejects.toThrow()
    expect(seen.content).toBe('firstmiddle')
    await eventually(() => expect(errors).toEqual([down]))
  })

  it('shows a response as sent while it is held', async () => {
    const seen: unknown[] = []
    const { port, store } = await startSessionApp({ host: http2Host, options }, logIn, (_req, res) => {
      res.end('page')
      seen.push(
        res.headersSent,
        codeOf(() => res.setHeader('X-Late', '1')),
        res.write('late'),
      )
    })
    const write = store.hold('set')
    const { response } = connectHttp2(port).request('GET', '/')
    await write.called
    expect(seen).toEqual([true, 'ERR_HTTP_HEADERS_SENT', true])
    write.release()
    expect((await response).content).toBe('page')
  })
})

/** `/page` logs in and answers with the page; other paths need no session. */
function toPage(page: Page): Layer {
  return (req, res) => {
    if (req.url !== '/page') return res.end('usable')
    req.session.user = 'ada'
    return page(res)
  }
}

function expectError(response: RawResponse): void {
  expect([response.status, response.content]).toEqual([500, 'READONLY'])
  expect(response.statusLine).toBe('HTTP/1.1 500 Internal Server Error')
  for (const name of [
    'etag',
    'location',
    'content-type',
    'cache-control',
    'last-modified',
    'accept-ranges',
  ]) {
    expect(headerValues(response, name)).toEqual([])
  }
  const cookies = headerValues(response, 'set-cookie').filter((cookie) => cookie.startsWith('connect.sid'))
  expect(cookies).toEqual([])
}

async function expectUsable(client: Awaited<ReturnType<typeof connect>>): Promise<void> {
  const response = await client.request('GET /').response()
  expect([response.status, response.content]).toEqual([200, 'usable'])
}

function normalise({ status, headers, content }: RawResponse) {
  const lines = headers.filter(([name]) => !/^(set-cookie|date|last-modified)$/i.test(name)).sort()
  return { status, headers: lines, content }
}

function codeOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (err) {
    return (err as { code?: string }).code
  }
}

function raise(err: unknown): never {
  throw err
}
