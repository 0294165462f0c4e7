import { describe, expect, it } from 'vitest'
import session from '../../src'
import { express5Host, hosts, type Layer, nodeHost } from '../support/app'
import { signedCookie } from '../support/cookies'
import { compare, type SessionModule } from '../support/implementations'
import { crashesOf, outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

type Done = (err?: unknown, record?: unknown) => void
type Method = 'get' | 'set' | 'touch' | 'destroy'

const COOKIE = signedCookie('a')

/** For each method of the store, a handler that causes a call of it. */
const requests: Record<Method, Layer> = {
  get: (_req, res) => res.end('ok'),
  touch: (_req, res) => res.end('ok'),
  set(req, res) {
    req.session.value = 'new'
    res.end('ok')
  },
  destroy(req, res) {
    req.session = null as never
    res.end('ok')
  },
}
const methods = Object.keys(requests) as Method[]
const writes = methods.filter((method) => method !== 'get')

const failures = {
  throws: () => {
    throw new Error('out of order')
  },
  'answers with an error': (_done: Done) => _done(new Error('out of order')),
  'answers with an error later': (done: Done) => void setTimeout(done, 5, new Error('out of order')),
  'rejects although it declares a callback': (_done: Done) => Promise.reject(new Error('out of order')),
  'answers with an error and then throws': (done: Done) => {
    done(new Error('out of order'))
    throw new Error('out of order again')
  },
  'answers with an error and then rejects': (done: Done) => {
    done(new Error('out of order'))
    return Promise.reject(new Error('out of order again'))
  },
} satisfies Record<string, (done: Done) => unknown>

describe.each(Object.entries(failures))('a store that %s', (_name, fail) => {
  it.each(hosts)('in get makes the request fail with $name', async (host) => {
    const app = host.serve(withBroken('get', fail), requests.get)
    const res = await app.get('/', COOKIE)
    expect([res.status, res.text]).toEqual([500, 'out of order'])
    expect(app.errors).toHaveLength(1)
  })

  it.each(writes)(
    'in %s does not change the response and passes one error to the error handler',
    async (method) => {
      const app = express5Host.serve(withBroken(method, fail), requests[method])
      const res = await app.get('/', COOKIE)
      expect([res.status, res.text]).toEqual([200, 'ok'])
      expect(app.errors.map((err) => err.message)).toEqual(['out of order'])
    },
  )

  it.each(methods)('in %s does not end the process', async (method) => {
    const crashes = await crashesOf(async () => {
      const app = nodeHost.serve(withBroken(method, fail), requests[method])
      await outcome(session, app.get('/', COOKIE))
    })
    expect(crashes).toEqual([])
  })
})

describe('a store that answers twice', () => {
  it.each(methods)('in %s runs the handler once', async (method) => {
    let handled = 0
    const app = express5Host.serve(withBroken(method, twiceTheRecord), (req, res, next) => {
      handled++
      requests[method](req, res, next)
    })
    const res = await app.get('/', COOKIE)
    expect([res.text, handled, app.errors]).toEqual(['ok', 1, []])
  })

  it('in get runs the handler twice in npm’s express-session', async () => {
    const handled = await compare(async (session) => {
      let count = 0
      const middleware = withBroken('get', twiceTheRecord, session)
      const app = nodeHost.serve((req, res) => middleware(req, res, () => res.end(String(++count))))
      await app.get('/', COOKIE)
      return count
    })
    expect(handled).toEqual({ ours: 1, upstream: 2 })
  })
})

describe('a rejection by the store', () => {
  it.each(methods)('in %s is unhandled only in npm’s express-session', async (method) => {
    const crashes = await compare((session) =>
      crashesOf(async () => {
        const middleware = withBroken(method, () => Promise.reject(new Error('lost')), session)
        await outcome(session, nodeHost.serve(middleware, requests[method]).get('/', COOKIE))
      }),
    )
    expect(crashes).toEqual({ ours: [], upstream: ['lost'] })
  })
})

function twiceTheRecord(done: Done) {
  done(null, record())
  done(null, record())
}

function withBroken(
  method: Method,
  behave: (done: Done) => unknown,
  implementation: SessionModule = session,
) {
  const store = createStore(implementation)
  store.put('a', record())
  const broken =
    method === 'get' || method === 'destroy'
      ? (_sid: string, done: Done) => behave(done)
      : (_sid: string, _sess: object, done: Done) => behave(done)
  Object.assign(store, { [method]: broken })
  return implementation({ ...SETTINGS, store, unset: 'destroy' })
}
