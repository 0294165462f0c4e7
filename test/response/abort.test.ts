import { describe, expect, it, vi } from 'vitest'
import type { Layer, Req, Res } from '../support/app'
import { upstream } from '../support/implementations'
import { connect, rawRequest } from '../support/raw-client'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, sessionCookie, startSessionApp } from '../support/session-app'

type Setup = Parameters<typeof startSessionApp>[0]

/** A logged in client whose next request has reached its handler. */
async function startRequest(setup: Setup) {
  let reach = (_seen: { req: Req; res: Res }) => {}
  const reached = new Promise<{ req: Req; res: Res }>((resolve) => {
    reach = resolve
  })
  const handle: Layer = (req, res) => (req.url === '/login' ? res.end() : reach({ req, res }))
  const login: Layer = (req, res, next) => (req.url === '/login' ? logIn(req, res, next) : next())
  const app = await startSessionApp(setup, login, handle)
  const cookie = sessionCookie(await rawRequest(app.port, 'GET /login'))
  app.store.calls.length = 0
  const client = (await connect(app.port)).request('GET /', cookie)
  const { req, res } = await reached
  const closed = new Promise((resolve) => res.on('close', resolve))
  const leave = () => {
    client.abort()
    return closed
  }
  const stored = () => [...app.store.records.values()].map((json) => JSON.parse(json))
  return { ...app, client, req, res, leave, stored }
}

describe.each(http1Hosts)('a client that leaves on $name', (host) => {
  it('before the head has its session saved', async () => {
    const { req, leave, stored, errors } = await startRequest({ host })
    req.session.views = 1
    await leave()
    await vi.waitFor(() => expect(stored()).toMatchObject([{ user: 'ada', views: 1 }]))
    expect(errors).toEqual([])
  })

  it('in mid-stream has its session saved', async () => {
    const { req, res, client, leave, stored, errors } = await startRequest({ host })
    res.write('first')
    await client.text('first')
    req.session.views = 1
    await leave()
    await vi.waitFor(() => expect(stored()).toMatchObject([{ user: 'ada', views: 1 }]))
    expect(errors).toEqual([])
  })

  it('while its session is being saved disturbs nothing', async () => {
    const { req, res, leave, stored, errors, store } = await startRequest({ host })
    const write = store.hold('set')
    req.session.views = 1
    res.end('x')
    await write.called
    await leave()
    write.release()
    await vi.waitFor(() => expect(stored()).toMatchObject([{ views: 1 }]))
    expect(errors).toEqual([])
  })

  it('does not keep a handler from ending, nor its last changes from the store', async () => {
    const { req, res, leave, stored, errors } = await startRequest({ host })
    await leave()
    req.session.views = 2
    expect(res.end('nobody reads this')).toBe(res)
    await vi.waitFor(() => expect(stored()).toMatchObject([{ user: 'ada', views: 2 }]))
    expect(errors).toEqual([])
  })

  it('is written for once when the handler ends after it has left', async () => {
    const { req, res, leave, store } = await startRequest({ host })
    req.session.views = 1
    await leave()
    res.end('nobody reads this')
    await vi.waitFor(() => expect(store.methods()).toContain('set'))
    await roundTrip()
    expect(store.methods().filter((method) => method === 'set')).toEqual(['set'])
  })
})

describe('fault in express-session', () => {
  it('never saves for a client that left in mid-stream', async () => {
    const { req, res, client, leave, stored } = await startRequest({ session: upstream })
    res.write('first')
    await client.text('first')
    req.session.views = 1
    await leave()
    await roundTrip()
    expect(stored()).toMatchObject([{ user: 'ada' }])
    expect(stored()[0]).not.toHaveProperty('views')
  })
})
