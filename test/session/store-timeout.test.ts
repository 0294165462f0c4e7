import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Layer, nodeHost, type Req } from '../support/app'
import { signedCookie } from '../support/cookies'
import { eventually } from '../support/eventually'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { connect } from '../support/raw-client'
import { record } from '../support/records'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = `Cookie: ${signedCookie('a')}`
const options = { storeTimeout: 5000 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function timeoutOf(method: string) {
  return {
    code: 'ERR_SESSION_STORE_TIMEOUT',
    message: `the session store has not answered ${method}() within 5000 ms`,
  }
}

describe.each(http1Hosts)('storeTimeout on $name', (host) => {
  async function start(handler: Layer, more = {}) {
    const app = await startSessionApp({ host, options: { ...options, ...more } }, handler)
    app.store.put('a', record({ user: 'ada' }))
    return app
  }

  it('passes a get that has not answered to the error handler', async () => {
    const { port, store, errors } = await start((_req, res) => void res.end('page'))
    const held = store.hold('get')
    const client = (await connect(port)).request('GET /', COOKIE)
    await held.called
    vi.advanceTimersByTime(5000)
    const response = await client.response()
    expect([response.status, response.content]).toEqual([500, timeoutOf('get').message])
    expect(response.content).not.toContain('"a"')
    held.release()
    expect((await client.request('GET /', COOKIE).response()).content).toBe('page')
    expect(errors).toMatchObject([timeoutOf('get')])
  })

  const commits: [method: 'set' | 'touch' | 'destroy', handler: Layer, more?: object][] = [
    [
      'set',
      (req, res) => {
        req.session.views = 1
        res.end('page')
      },
    ],
    ['touch', (_req, res) => void res.end('page')],
    [
      'destroy',
      (req, res) => {
        Object.assign(req, { session: null })
        res.end('page')
      },
      { unset: 'destroy' },
    ],
  ]

  it.each(commits)('reports a %s that has not answered after the response', async (method, handler, more) => {
    const { port, store, errors } = await start(handler, more)
    const held = store.hold(method)
    const client = (await connect(port)).request('GET /', COOKIE)
    await held.called
    vi.advanceTimersByTime(4999)
    expect(client.received).toBe('')
    vi.advanceTimersByTime(1)
    const response = await client.response()
    expect([response.status, response.content]).toEqual([200, 'page'])
    held.release()
    await eventually(() => expect(errors).toMatchObject([timeoutOf(method)]))
    expect(store.methods()).toEqual(['get', method])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(commits)('leaves no timer after a request whose %s has answered', async (method, handler, more) => {
    const { port, store, errors } = await start(handler, more)
    const response = await (await connect(port)).request('GET /', COOKIE).response()
    expect([response.content, store.methods(), errors]).toEqual(['page', ['get', method], []])
    expect(vi.getTimerCount()).toBe(0)
  })

  const calls: [name: string, method: 'get' | 'set' | 'destroy', call: (req: Req) => Promise<void>][] = [
    ['save', 'set', (req) => req.session.save()],
    ['reload', 'get', (req) => req.session.reload()],
    ['regenerate', 'destroy', (req) => req.session.regenerate()],
    ['destroy', 'destroy', (req) => req.session.destroy()],
  ]

  it.each(calls)('rejects %s() if the %s has not answered', async (_name, method, call) => {
    let hold = (): Promise<void> => Promise.resolve()
    const { port, store } = await start(async (req, res) => {
      const called = hold()
      const answer = call(req).then(
        () => 'done',
        (err) => err.message,
      )
      await called
      vi.advanceTimersByTime(5000)
      res.end(await answer)
    })
    hold = () => store.hold(method).called
    const response = await (await connect(port)).request('GET /', COOKIE).response()
    expect(response.content).toBe(timeoutOf(method).message)
  })
})

describe('storeTimeout', () => {
  it('is that of the middleware that a request went through, if two share a store', async () => {
    const store = createStore()
    store.put('a', record({ user: 'ada' }))
    const limited = ours({ ...SETTINGS, ...options, store }) as Layer
    const unlimited = ours({ ...SETTINGS, store }) as Layer
    const app = nodeHost.serve(
      (req, res, next) => (req.url === '/limited' ? limited : unlimited)(req, res, next),
      (req, res) => void req.session.save((err) => res.end(err ? err.code : 'saved')),
    )
    const port = await listen(app.server)
    const held = store.hold('set')
    const clients = await Promise.all([connect(port), connect(port)])
    const [first, second] = ['/limited', '/'].map((path, i) => clients[i]?.request(`GET ${path}`, COOKIE))
    await eventually(() => expect(store.methods().filter((method) => method === 'set')).toHaveLength(2))
    vi.advanceTimersByTime(5000)
    expect((await first?.response())?.content).toBe('ERR_SESSION_STORE_TIMEOUT')
    expect(second?.received).toBe('')
    held.release()
    expect((await second?.response())?.content).toBe('saved')
  })

  it('gives a request a new session with `store.generate` of either middleware', async () => {
    const store = createStore()
    const limited = ours({ ...SETTINGS, ...options, store, genid: () => 'limited' }) as Layer
    ours({ ...SETTINGS, store, genid: () => 'unlimited' })
    const app = nodeHost.serve(limited, (req, res) => {
      req.sessionStore.generate?.(req as never)
      res.end(req.sessionID)
    })
    const response = await (await connect(await listen(app.server))).request('GET /').response()
    expect(response.content).toBe('limited')
  })

  it('refuses the writes of earlier requests after a destroy that has timed out', async () => {
    let finish = () => {}
    const { port, store } = await startSessionApp({ options }, (req, res) => {
      if (req.url === '/logout') return void req.session.destroy((err) => res.end(err.code))
      finish = () => {
        req.session.views = 1
        res.end('page')
      }
    })
    store.put('a', record({ user: 'ada' }))
    const slow = (await connect(port)).request('GET /slow', COOKIE)
    await eventually(() => expect(store.methods()).toEqual(['get']))
    const held = store.hold('destroy')
    const logout = (await connect(port)).request('GET /logout', COOKIE)
    await held.called
    vi.advanceTimersByTime(5000)
    expect((await logout.response()).content).toBe('ERR_SESSION_STORE_TIMEOUT')
    finish()
    expect((await slow.response()).content).toBe('page')
    held.release()
    await eventually(() => expect(store.record('a')).toBeUndefined())
    expect(store.methods()).not.toContain('set')
  })

  it('lets a later save of the same response run after one that has timed out', async () => {
    let finish = () => {}
    const { port, store, errors } = await startSessionApp({ options }, logIn, (req, res) => {
      res.write('first')
      finish = () => {
        req.session.views = 1
        res.end('last')
      }
    })
    const held = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await held.called
    finish()
    vi.advanceTimersByTime(5000)
    await eventually(() => expect(store.methods()).toEqual(['set', 'set']))
    held.release()
    expect((await client.response()).content).toBe('firstlast')
    await eventually(() => expect(errors).toMatchObject([timeoutOf('set')]))
    expect([...store.records.values()].map((json) => JSON.parse(json).views)).toEqual([1])
  })

  it('makes no timer for a MemoryStore', async () => {
    const app = nodeHost.serve(
      ours({ ...SETTINGS, ...options, store: new ours.MemoryStore({ checkPeriod: 0 }) }) as Layer,
      logIn,
      async (req, res) => {
        await req.session.save()
        await req.session.regenerate()
        req.session.views = 1
        setTimeout.mockClear()
        res.end('page')
        res.once('finish', () => counts.push(setTimeout.mock.calls.length))
      },
    )
    const counts: number[] = []
    const port = await listen(app.server)
    const client = await connect(port)
    const setTimeout = vi.spyOn(globalThis, 'setTimeout')
    client.request('GET /')
    await client.response()
    await eventually(() => expect(counts).toEqual([0]))
  })
})
