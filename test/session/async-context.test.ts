import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { compare } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')
const context = new AsyncLocalStorage<string>()

const enter: Layer = (_req, _res, next) => context.run('the request', next)
const tell: Layer = (_req, res) => res.end(String(context.getStore()))

describe('AsyncLocalStorage with a store that calls back in another async context', () => {
  it.each(hosts)('keeps its value in the handler with $name', async (host) => {
    const { app, answered } = create(host.serve, session, 'get', tell)
    const pending = app.get('/', COOKIE).then((res) => res.text)
    await answered()
    expect(await pending).toBe('the request')
  })

  it('loses its value in the handler with npm’s express-session', async () => {
    const seen = await compare(async (implementation) => {
      const { app, answered } = create(serve, implementation, 'get', tell)
      const pending = app.get('/', COOKIE).then((res) => res.text)
      await answered()
      return pending
    })
    expect(seen).toEqual({ ours: 'the request', upstream: 'undefined' })
  })

  const methods: Array<[name: 'save' | 'destroy' | 'regenerate', method: 'set' | 'destroy']> = [
    ['save', 'set'],
    ['destroy', 'destroy'],
    ['regenerate', 'destroy'],
  ]
  it.each(methods)('keeps its value in the callback of %s', async (name, method) => {
    const call: Layer = (req, res, next) => req.session[name](() => tell(req, res, next))
    const { app, answered } = create(serve, session, method, call)
    const pending = app.get('/', COOKIE).then((res) => res.text)
    await answered()
    expect(await pending).toBe('the request')
  })
})

function create(
  serveWith: typeof serve,
  implementation: typeof session,
  method: 'get' | 'set' | 'destroy',
  handler: Layer,
) {
  const store = createStore(implementation)
  store.put('a', record())
  const held = store.hold(method)
  const app = serveWith(enter, implementation({ ...SETTINGS, store }), handler)
  // The test lets the store answer, so the answer comes from the test's context.
  const answered = async () => {
    await held.called
    held.release()
  }
  return { app, answered }
}
