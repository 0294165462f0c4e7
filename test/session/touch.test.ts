import { describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { readSetCookie, sidOf, signedCookie } from '../support/cookies'
import { libraries } from '../support/libraries'
import { recordFor } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const NOW = new Date('2030-01-01T00:00:00Z')
const COOKIE = signedCookie('a')

freezeClock(NOW)

describe.each(['touch', 'resetMaxAge'] as const)('%s', (method) => {
  it.each(hosts)('sets maxAge back to originalMaxAge with $name', async (host) => {
    const { app } = create(host.serve, (req, res) => {
      vi.setSystemTime(NOW.getTime() + 30_000)
      const before = req.session.cookie.maxAge
      req.session[method]()
      res.end(`${before} ${req.session.cookie.maxAge} ${req.session.cookie.originalMaxAge}`)
    })
    expect((await app.get('/', COOKIE)).text).toBe('30000 60000 60000')
  })

  it('returns the session, so that calls can be chained', async () => {
    const { app } = create(serve, (req, res) => res.end(String(req.session[method]() === req.session)))
    expect((await app.get('/', COOKIE)).text).toBe('true')
  })

  it('sets no maxAge on a session without one', async () => {
    const app = serve(session(SETTINGS), (req, res) => res.end(String(req.session[method]().cookie.maxAge)))
    expect((await app.get()).text).toBe('null')
  })

  it('does not write to the store by itself', async () => {
    const { app, store } = create(serve, (req, res) => {
      req.session[method]()
      res.end()
    })
    await app.get('/', COOKIE)
    expect(store.methods()).toEqual(['get', 'touch'])
  })
})

describe('the end of a request', () => {
  it('touches the session, so that cookie and record have the same expiry', async () => {
    const { app, store } = create(serve, (_req, res) => {
      vi.setSystemTime(NOW.getTime() + 30_000)
      res.end()
    })
    const res = await app.get('/', COOKIE)
    expect(readSetCookie(res)?.attributes.Expires).toBe('Tue, 01 Jan 2030 00:01:30 GMT')
    expect(store.record('a').cookie.expires).toBe('2030-01-01T00:01:30.000Z')
  })
})

describe.each(libraries)('session.touch that the application replaced, with $library', ({ session }) => {
  it('has its changes saved', async () => {
    const store = new session.MemoryStore()
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      const { touch } = req.session
      const note = () => Object.assign(touch.call(req.session), { value: 'touched' })
      Object.defineProperty(req.session, 'touch', { value: note })
      req.session.user = 'ada'
      res.end()
    })
    const sid = sidOf(await app.get()) as string
    expect(JSON.parse((store.sessions as Record<string, string>)[sid] as string)).toMatchObject({
      user: 'ada',
      value: 'touched',
    })
  })
})

function create(serveWith: typeof serve, layer: Layer) {
  const store = createStore()
  store.put('a', recordFor(60_000))
  return { store, app: serveWith(session({ ...SETTINGS, store, rolling: true }), layer) }
}
