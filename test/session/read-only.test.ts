import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import session, { type MiddlewareOptions, readOnly } from '../../src'
import { type Host, hosts, type Layer, serve } from '../support/app'
import { setCookies, signedCookie } from '../support/cookies'
import { recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

function start(
  layer: Layer,
  options: Partial<MiddlewareOptions> = {},
  host: Pick<Host, 'serve'> = { serve },
) {
  const store = createStore()
  store.put('a', recordFor(60_000, { user: 'ada' }))
  const settings = { ...SETTINGS, store, rolling: true, ...options }
  return { ...host.serve(session(settings) as unknown as Layer, layer), store }
}

const polling: Layer = (req, res) => {
  readOnly(req)
  req.session.views = 1
  res.end(req.session.user)
}

describe.each(hosts)('readOnly with $name', (host) => {
  it.each<[string, Layer]>([
    ['neither saves nor sends the cookie', polling],
    [
      'neither touches nor sends the cookie if the session does not change',
      (req, res) => {
        readOnly(req)
        res.end(req.session.user)
      },
    ],
    [
      'does the same for a session that no handler reads',
      (req, res) => {
        readOnly(req)
        res.end('ada')
      },
    ],
    [
      'does the same for a streamed response',
      async (req, res) => {
        readOnly(req)
        req.session.views = 1
        res.write('a')
        await sleep(1)
        res.end('da')
      },
    ],
    [
      'holds from the moment of the call',
      (req, res) => {
        req.session.views = 1
        readOnly(req)
        res.end(req.session.user)
      },
    ],
  ])('%s', async (_what, layer) => {
    const { get, store } = start(layer, {}, host)
    const response = await get('/', COOKIE)
    expect([response.status, response.text]).toEqual([200, 'ada'])
    expect(setCookies(response)).toEqual([])
    expect(store.methods()).toEqual(['get'])
  })

  it('saves no new session', async () => {
    const { get, store } = start(polling, { saveUninitialized: true }, host)
    const response = await get()
    expect([response.status, setCookies(response)]).toEqual([200, []])
    expect(store.methods()).toEqual([])
  })
})

describe('readOnly', () => {
  it('is also a property of the function that makes the middleware', () => {
    expect(session.readOnly).toBe(readOnly)
  })

  it('holds with resave, and with a MemoryStore', async () => {
    const store = new session.MemoryStore()
    Object.assign(store, { sessions: { b: JSON.stringify(recordFor(60_000, { user: 'ada' })) } })
    const before = { ...(store as unknown as { sessions: object }).sessions }
    const { get } = start(polling, { resave: true, store })
    await get('/', signedCookie('b'))
    expect({ ...(store as unknown as { sessions: object }).sessions }).toEqual(before)
  })

  it('does not destroy a session that the application unsets', async () => {
    const { get, store } = start(
      (req, res) => {
        readOnly(req)
        Object.assign(req, { session: null })
        res.end()
      },
      { unset: 'destroy' },
    )
    await get('/', COOKIE)
    expect(store.methods()).toEqual(['get'])
  })

  it('lets an explicit save write', async () => {
    const { get, store } = start(async (req, res) => {
      readOnly(req)
      req.session.views = 1
      await req.session.save()
      res.end()
    })
    await get('/', COOKIE)
    expect(store.methods()).toEqual(['get', 'set'])
  })

  it('lets an explicit destroy end the session', async () => {
    const { get, store } = start(async (req, res) => {
      readOnly(req)
      await req.session.destroy()
      res.end()
    })
    await get('/', COOKIE)
    expect(store.methods()).toEqual(['get', 'destroy'])
  })

  it('does nothing for a request without a session', async () => {
    const { get } = serve((req, res) => {
      readOnly(req)
      res.end('fine')
    })
    expect((await get()).text).toBe('fine')
  })

  it('does not call a touch that the application has replaced', async () => {
    let touches = 0
    const { get } = start((req, res) => {
      req.session.touch = function () {
        touches++
        return this
      }
      readOnly(req)
      res.end()
    })
    await get('/', COOKIE)
    expect(touches).toBe(0)
  })
})
