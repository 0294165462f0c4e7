import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Layer, nodeHost, type Res } from '../support/app'
import { codeOf } from '../support/code-of'
import { eventually } from '../support/eventually'
import { expectHeld } from '../support/expect-held'
import { ours, upstream } from '../support/implementations'
import { libraries } from '../support/libraries'
import { listen } from '../support/listen'
import { connect, rawRequest } from '../support/raw-client'
import { headerValues } from '../support/raw-response'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, sessionCookie, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore, storeWith } from '../support/store'

const redirect: Layer = (_req, res) => {
  res.writeHead(302, { Location: '/home', 'Content-Length': '5' })
  res.end('Found')
}

const greet: Layer = (req, res, next) => {
  if (req.url !== '/home') return next()
  res.end(`hello ${req.session.user ?? 'stranger'}`)
}

describe.each(http1Hosts)('a response whose session is being saved, on $name', (host) => {
  it.each([
    ['an explicit head', redirect],
    ['an implicit head', ((_req, res) => res.end('x')) satisfies Layer],
    ['no body', ((_req, res) => res.end()) satisfies Layer],
    ['a large body', ((_req, res) => res.end('x'.repeat(200_000))) satisfies Layer],
  ])('sends no byte of one with %s until the store has answered', async (_what, answer) => {
    const { port, store } = await startSessionApp({ host }, logIn, answer)
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await expectHeld(client, write)
    expect([200, 302]).toContain((await client.response()).status)
    expect(store.records.size).toBe(1)
  })

  it('is sent after the login is saved, so that a client that follows the redirect is logged in', async () => {
    const { port, store } = await startSessionApp({ host }, greet, logIn, redirect)
    const write = store.hold('set')
    const login = (await connect(port)).request('POST /login')
    const followed = login.head().then((head) => follow(port, head))
    await write.called
    await roundTrip()
    write.release()
    expect(await followed).toBe('hello ada')
  })
})

describe.each(libraries)('a store that changes the response while it saves, with $library', ({ session }) => {
  it.each(['at once', 'later'])('can still set a header when it answers %s', async (when) => {
    let current: Res | undefined
    const set = (_sid: string, _data: object, done: () => void) => {
      current?.setHeader('X-Saved', 'yes')
      if (when === 'at once') done()
      else setImmediate(done)
    }
    const store = storeWith({ get: (_sid: string, done: () => void) => done(), set }, session)
    const app = nodeHost.serve(session({ ...SETTINGS, store: store as never }), logIn, (_req, res) => {
      current = res
      res.end('x')
    })
    const res = await app.get()
    expect([res.text, res.headers['x-saved'], app.errors]).toEqual(['x', 'yes', []])
  })
})

describe('a response with a property named stream', () => {
  it('is held like any other, and its headersSent is true', async () => {
    const store = createStore()
    const mark: Layer = (_req, res, next) => {
      Object.assign(res, { stream: new PassThrough() })
      next()
    }
    const isSent: boolean[] = []
    const { server } = nodeHost.serve(mark, ours({ ...SETTINGS, store }), logIn, (_req, res) => {
      res.end('x')
      isSent.push(res.headersSent)
    })
    const write = store.hold('set')
    const client = (await connect(await listen(server))).request('GET /')
    await write.called
    await roundTrip()
    expect([client.received, isSent]).toEqual(['', [true]])
    write.release()
    expect(await client.response()).toMatchObject({ status: 200, content: 'x' })
  })
})

describe.each(['touch', 'destroy'] as const)('a response that waits for %s', (method) => {
  it('sends no byte until the store has answered', async () => {
    const { port, store } = await startSessionApp({ options: { unset: 'destroy' } }, logIn, (req, res) => {
      if (req.url === '/destroy') Object.assign(req, { session: null })
      res.end('x')
    })
    const login = await rawRequest(port, 'GET /')
    const write = store.hold(method)
    const client = (await connect(port)).request(`GET /${method}`, sessionCookie(login))
    await expectHeld(client, write)
    expect(await client.response()).toMatchObject({ status: 200, content: 'x' })
  })
})

describe.each(http1Hosts)('a held response on $name', (host) => {
  it('has headersSent true and refuses headers after end', async () => {
    const seen: unknown[] = []
    const { port, store } = await startSessionApp({ host }, logIn, (_req, res) => {
      res.end('x')
      seen.push(
        res.headersSent,
        codeOf(() => res.setHeader('X-Late', '1')),
      )
    })
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await expectHeld(client, write)
    expect(headerValues(await client.response(), 'x-late')).toEqual([])
    expect(seen).toEqual([true, 'ERR_HTTP_HEADERS_SENT'])
  })

  it('can be destroyed, and its session is still saved', async () => {
    const { port, store, errors } = await startSessionApp({ host }, logIn, (_req, res) => {
      res.end('x')
      setImmediate(() => res.destroy())
    })
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await write.called
    await client.close()
    write.release()
    await eventually(() => expect(store.records.size).toBe(1))
    expect([client.received, errors]).toEqual(['', []])
  })

  it('is not held when nothing must be written to the store', async () => {
    const { port, store } = await startSessionApp({ host }, (_req, res) => res.end('x'))
    for (const method of ['set', 'touch', 'destroy'] as const) store.hold(method)
    expect((await rawRequest(port, 'GET /')).content).toBe('x')
    expect(store.calls).toEqual([])
  })
})

describe('fault in express-session', () => {
  it('sends the headers of a redirect before the session is saved', async () => {
    const { port, store } = await startSessionApp({ session: upstream }, greet, logIn, redirect)
    const write = store.hold('set')
    const login = (await connect(port)).request('POST /login')
    expect(await follow(port, await login.head())).toBe('hello stranger')
    write.release()
    await login.response()
  })
})

async function follow(port: number, head: string) {
  const [, cookie] = /^set-cookie: ([^;]+)/im.exec(head) ?? []
  return (await rawRequest(port, 'GET /home', `Cookie: ${cookie}`)).content
}
