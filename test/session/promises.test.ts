import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { compare, type SessionModule } from '../support/implementations'
import { crashesOf, outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

type Method = 'regenerate' | 'destroy' | 'reload' | 'save'

const COOKIE = signedCookie('a')
const asked = { regenerate: 'destroy', destroy: 'destroy', reload: 'get', save: 'set' } as const
const methods = Object.keys(asked) as Method[]

describe.each(methods)('%s without a callback', (method) => {
  it.each(hosts)('returns a promise that resolves when the store answers with $name', async (host) => {
    const { app } = create(session, host.serve, (req, res) => {
      req.session[method]().then((value: unknown) => res.end(String(value)))
    })
    expect((await app.get('/', COOKIE)).text).toBe('undefined')
  })

  it('returns a promise that rejects with the store’s error', async () => {
    const { app } = create(
      session,
      serve,
      failing(method, (req, res) => {
        req.session[method]().catch((err: Error) => res.end(err.message))
      }),
    )
    expect((await app.get('/', COOKIE)).text).toBe('out of order')
  })

  it('does not end the process when the rejection is not handled', async () => {
    const { app } = create(
      session,
      serve,
      failing(method, (req, res) => {
        req.session[method]()
        setTimeout(() => res.end('ok'), 10)
      }),
    )
    expect(await crashesOf(() => outcome(session, app.get('/', COOKIE)))).toEqual([])
  })

  it('does not crash, as it does with npm’s express-session', async () => {
    const seen = await compare(async (session) => {
      const { app, store } = create(session, serve, (req, res) => {
        req.session[method](undefined as never)
        setTimeout(() => res.end('ok'), 10)
      })
      const crashes = await crashesOf(() => outcome(session, app.get('/', COOKIE)))
      return { crashes: crashes.length, asked: store.methods().includes(asked[method]) }
    })
    expect(seen.ours).toEqual({ crashes: 0, asked: true })
    expect(seen.upstream.crashes).toBe(method === 'save' ? 0 : 1)
  })
})

function failing(method: Method, layer: Layer): Layer {
  return (req, res, next) => {
    const store = req.sessionStore as unknown as ReturnType<typeof createStore>
    store.fail(asked[method], new Error('out of order'))
    layer(req, res, next)
  }
}

function create(implementation: SessionModule, serveWith: typeof serve, layer: Layer) {
  const store = createStore(implementation)
  store.put('a', record())
  return { store, app: serveWith(implementation({ ...SETTINGS, store }), layer) }
}
