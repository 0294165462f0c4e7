import { describe, expect, it } from 'vitest'
import session from '../../src'
import { express4Host, hosts, type Layer, serve } from '../support/app'
import { sidOf, signedCookie } from '../support/cookies'
import { setValue } from '../support/handlers'
import { compare, type SessionModule } from '../support/implementations'
import { libraries } from '../support/libraries'
import { outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const unserializable = [
  { what: 'a BigInt', value: () => 1n, message: /BigInt/ },
  { what: 'a circular object', value: circular, message: /circular/ },
  { what: 'a toJSON that throws', value: brokenJson, message: /not today/ },
  { what: 'a getter that throws', value: brokenGetter, message: /not today/ },
]

describe.each(unserializable)('a session that holds $what', ({ value, message }) => {
  it.each(hosts)('passes an error to the error handler with $name', async (host) => {
    const app = host.serve(session(SETTINGS), setValue(value()))
    const res = await app.get()
    expect(res.status).toBe(500)
    expect(res.text).toMatch(message)
    expect(app.errors).toHaveLength(1)
  })

  it('does not leave the response hanging', async () => {
    const seen = await compare((session) => statusOf(session, setValue(value())))
    expect(seen).toEqual({ ours: '500', upstream: 'no' })
  })

  it('passes an error to the callback of save', async () => {
    const app = express4Host.serve(session(SETTINGS), (req, res) => {
      req.session.value = value()
      req.session.save((err: Error | undefined) => {
        delete req.session.value
        res.end(err?.message)
      })
    })
    expect((await app.get()).text).toMatch(message)
  })

  it.each(hosts)('makes save call back with the error and not throw, with $name', async (host) => {
    const seen: unknown[] = []
    const app = host.serve(session(SETTINGS), (req, res) => {
      const { session } = req
      session.value = value()
      try {
        const returned: unknown = session.save((err) => seen.push(err))
        seen.push(returned === session)
      } catch (err) {
        seen.push('thrown', err)
      }
      setImmediate(() => {
        delete session.value
        res.end('done')
      })
    })
    expect((await app.get()).text).toBe('done')
    expect(seen.sort()).toEqual([expect.objectContaining({ message: expect.stringMatching(message) }), true])
    expect(app.errors).toEqual([])
  })
})

describe('a plain object assigned to req.session', () => {
  const assign: Layer = (req, res) => {
    req.session = { user: 'ann' } as never
    res.end('ok')
  }

  it.each(hosts)('becomes the session with $name', async (host) => {
    const store = createStore()
    store.put('a', record({ views: 1 }))
    const app = host.serve(session({ ...SETTINGS, store }), assign)
    const res = await app.get('/', signedCookie('a'))
    expect([res.status, res.text, app.errors]).toEqual([200, 'ok', []])
    expect(store.record('a')).toEqual({ user: 'ann', cookie: expect.objectContaining({ path: '/' }) })
  })

  it('does not leave the response hanging', async () => {
    const seen = await compare((session) => statusOf(session, assign))
    expect(seen).toEqual({ ours: '200', upstream: 'no' })
  })
})

describe.each(libraries)('a session behind a read-only Proxy, with $library', (library) => {
  it('is saved like any other session', async () => {
    const store = createStore(library.session)
    const app = serve(library.session({ ...SETTINGS, store }), (req, res) => {
      const set = () => {
        throw new Error('read only')
      }
      req.session.user = 'ann'
      req.session = new Proxy(req.session, { set })
      res.end('ok')
    })
    const res = await app.get()
    expect([res.text, app.errors]).toEqual(['ok', []])
    expect(store.record(sidOf(res)).user).toBe('ann')
  })
})

describe('a primitive value assigned to req.session', () => {
  it.each([{ value: 5 }, { value: 'text' }, { value: true }])(
    'does not leave the response hanging: $value',
    async ({ value }) => {
      const seen = await statusOf(session, (req, res) => {
        req.session = value as never
        res.end('ok')
      })
      expect(seen).toMatch(/200|500/)
    },
  )
})

describe('a stored originalMaxAge that is not a number', () => {
  it.each(['text', {}, [], true])('does not leave the response hanging: %j', async (originalMaxAge) => {
    const store = createStore()
    store.put('a', record({}, { originalMaxAge }))
    const app = express4Host.serve(session({ ...SETTINGS, store }), setValue('x'))
    expect(await outcome(session, app.get('/', signedCookie('a')))).toMatch(/^(200|500) /)
  })

  it('leaves the response hanging in npm’s express-session', async () => {
    const seen = await compare((session) => {
      const store = createStore(session)
      store.put('a', record({}, { originalMaxAge: 'text' }))
      const app = express4Host.serve(session({ ...SETTINGS, store }), setValue('x'))
      return outcome(session, app.get('/', signedCookie('a'))).then((seen) => seen !== 'no response')
    })
    expect(seen).toEqual({ ours: true, upstream: false })
  })
})

async function statusOf(session: SessionModule, layer: Layer) {
  const app = express4Host.serve(session(SETTINGS), layer)
  return (await outcome(session, app.get())).split(' ')[0]
}

function circular() {
  const value: { self?: unknown } = {}
  value.self = value
  return value
}

function brokenJson() {
  return {
    toJSON() {
      throw new Error('not today')
    },
  }
}

function brokenGetter() {
  return {
    get value() {
      throw new Error('not today')
    },
  }
}
