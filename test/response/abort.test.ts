import { describe, expect, it } from 'vitest'
import type { Layer, Req, Res } from '../support/app'
import { eventually } from '../support/eventually'
import { upstream } from '../support/implementations'
import { connect, rawRequest } from '../support/raw-client'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, sessionCookie, startSessionApp } from '../support/session-app'

type Setup = Parameters<typeof startSessionApp>[0]

/** A logged-in client whose next request has reached its handler. */
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
  const disconnect = () => {
    client.abort()
    return closed
  }
  const stored = () => [...app.store.records.values()].map((json) => JSON.parse(json))
  return { ...app, client, req, res, disconnect, stored }
}

describe.each(http1Hosts)('a session whose client disconnects, on $name', (host) => {
  it.each([{}, { resave: true }])(
    'is not written when that happens before the headers are sent, with %j',
    async (options) => {
      const { req, disconnect, store, errors } = await startRequest({ host, options })
      req.session.views = 1
      await disconnect()
      await roundTrip()
      expect(store.methods()).toEqual(['get'])
      expect(errors).toEqual([])
    },
  )

  it('is not written again for resave alone when that happens in the middle of a stream', async () => {
    const { res, client, disconnect, store } = await startRequest({ host, options: { resave: true } })
    res.write('first')
    await client.text('first')
    await roundTrip()
    const before = store.methods()
    await disconnect()
    await roundTrip()
    expect(store.methods()).toEqual(before)
  })

  it('is saved when that happens in the middle of a stream', async () => {
    const { req, res, client, disconnect, stored, errors } = await startRequest({ host })
    res.write('first')
    await client.text('first')
    req.session.views = 1
    await disconnect()
    await eventually(() => expect(stored()).toMatchObject([{ user: 'ada', views: 1 }]))
    expect(errors).toEqual([])
  })

  it('is saved without an error when that happens during the save', async () => {
    const { req, res, disconnect, stored, errors, store } = await startRequest({ host })
    const write = store.hold('set')
    req.session.views = 1
    res.end('x')
    await write.called
    await disconnect()
    write.release()
    await eventually(() => expect(stored()).toMatchObject([{ views: 1 }]))
    expect(errors).toEqual([])
  })

  it('is saved with the changes that the handler makes afterwards', async () => {
    const { req, res, disconnect, stored, errors } = await startRequest({ host })
    await disconnect()
    req.session.views = 2
    expect(res.end('not received')).toBe(res)
    await eventually(() => expect(stored()).toMatchObject([{ user: 'ada', views: 2 }]))
    expect(errors).toEqual([])
  })

  it('is written once when the handler ends the response afterwards', async () => {
    const { req, res, disconnect, store } = await startRequest({ host })
    req.session.views = 1
    await disconnect()
    res.end('not received')
    await eventually(() => expect(store.methods()).toContain('set'))
    await roundTrip()
    expect(store.methods().filter((method) => method === 'set')).toEqual(['set'])
  })
})

describe('fault in express-session', () => {
  it('does not save the session when the client disconnects in the middle of a stream', async () => {
    const { req, res, client, disconnect, stored } = await startRequest({ session: upstream })
    res.write('first')
    await client.text('first')
    req.session.views = 1
    await disconnect()
    await roundTrip()
    expect(stored()).toMatchObject([{ user: 'ada' }])
    expect(stored()[0]).not.toHaveProperty('views')
  })
})
