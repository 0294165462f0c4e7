import { describe, expect, it } from 'vitest'
import { hosts, type Layer, type Req, type Res, serve } from '../support/app'
import { sidOf, signedCookie } from '../support/cookies'
import { compare, ours, type SessionModule, upstream } from '../support/implementations'
import { libraries } from '../support/libraries'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore, type TestStore } from '../support/store'

const COOKIE = signedCookie('a')

type Answer = (err?: unknown, value?: unknown) => void

const bases = {
  'the Store of this package': ours,
  'the Store of express-session': upstream,
}

/** The two methods with which an application regenerates a session. */
const regenerators: Record<string, (req: Req, done: () => void) => void> = {
  'req.session.regenerate': (req, done) => req.session.regenerate(done),
  'store.regenerate': (req, done) => req.sessionStore.regenerate(req as never, done),
}

describe.each(Object.entries(bases))('a regenerate method of a store that extends %s', (_base, base) => {
  it.each(Object.keys(regenerators))('is called once by %s, and destroy is called once', async (method) => {
    const { store, res } = await visit(ours, ownRegenerate(base), logInWith(method))
    expect(store.calls).toEqual(['get a', 'regenerate a', 'destroy a', `set ${res.text}`])
    expect(sidOf(res)).toBe(res.text)
  })
})

describe.each(hosts)('a plain object store with a regenerate of its own, on $name', (host) => {
  it.each(Object.keys(regenerators))('has it called by %s, and the new session is used', async (asker) => {
    const store = plainStore()
    const app = host.serve(ours({ ...SETTINGS, store: store as never }), logInWith(asker))
    const res = await app.get('/', COOKIE)
    expect(store.calls).toEqual(['get a', 'regenerate a', `set ${res.text}`])
    expect([sidOf(res), app.errors]).toEqual([res.text, []])
    expect([...store.records.keys()]).toEqual([res.text])
  })
})

describe.each(libraries)('a subclass of MemoryStore with $library', ({ session }) => {
  it('has its regenerate called by req.session.regenerate, and may call super.regenerate', async () => {
    const asked: string[] = []
    class Noting extends session.MemoryStore {
      override regenerate(...[req, done]: Parameters<TestStore['regenerate']>) {
        asked.push(req.sessionID)
        super.regenerate(req, done)
      }
    }
    const store = new Noting()
    store.set('a', record() as never)
    const app = serve(session({ ...SETTINGS, store }), logInWith('req.session.regenerate'))
    const { text } = await app.get('/', COOKIE)
    expect([asked, Object.keys(store.sessions)]).toEqual([['a'], [text]])
  })
})

describe('a regenerate method of a store', () => {
  it('is called in the same order as by express-session', async () => {
    const calls = await compare(async (session) => {
      const { store, res } = await visit(session, ownRegenerate(session), logInWith('req.session.regenerate'))
      return store.calls.map((call) => call.replace(res.text, 'new'))
    })
    expect(calls.ours).toEqual(calls.upstream)
  })

  it('keeps the session and passes an error to the callback when it fails', async () => {
    const store = Object.assign(createStore(), {
      regenerate: (_req: unknown, done: (err: Error) => void) => void setImmediate(done, new Error('stuck')),
    })
    const { res } = await visit(ours, store, (req, res) => {
      req.session.regenerate((err: Error) => {
        req.session.value = 'kept'
        res.end(`${err.message} ${req.sessionID}`)
      })
    })
    expect([res.text, store.record('a').value]).toEqual(['stuck a', 'kept'])
  })
})

describe.each(hosts)('regenerating with a genid that returns promises, on $name', (host) => {
  it.each(Object.keys(regenerators))('with %s creates one session', async (method) => {
    const { store, res } = await visit(ours, createStore(), logInWith(method), host.serve)
    expect(store.calls).toEqual(['get a', 'destroy a', `set ${res.text}`])
    expect(res.text).toMatch(/^id-\d+$/)
  })

  it.each(Object.keys(regenerators))(
    'with %s works when it is called twice at the same time',
    async (method) => {
      const ask = regenerators[method] as (typeof regenerators)[string]
      const twice: Layer = (req, res) => {
        let missing = 2
        const done = () => {
          if (--missing === 0) finish(req, res)
        }
        ask(req, done)
        ask(req, done)
      }
      const { store, res } = await visit(ours, createStore(), twice, host.serve)
      expect([...store.records.keys()]).toEqual([res.text])
      expect(sidOf(res)).toBe(res.text)
      expect(res.text).toMatch(/^id-\d+$/)
    },
  )
})

describe('fault in express-session', () => {
  it('uses the promise itself as an id', async () => {
    const types = await compare(async (session) => {
      const showType: Layer = (req, res) =>
        req.sessionStore.regenerate(req as never, () => res.end(typeof req.sessionID))
      return (await visit(session, createStore(session), showType)).res.text
    })
    expect(types).toEqual({ ours: 'string', upstream: 'object' })
  })
})

async function visit(session: SessionModule, store: TestStore, layer: Layer, serveWith = serve) {
  store.put('a', record({ user: 'ann' }))
  let count = 0
  const genid = async () => `id-${++count}`
  const own = Object.hasOwn(store, 'regenerate') ? {} : { genid }
  const app = serveWith(session({ ...SETTINGS, store, ...own }), layer)
  return { store, res: await app.get('/', COOKIE) }
}

function ownRegenerate(base: SessionModule): TestStore {
  const store = createStore(base)
  return Object.assign(store, {
    regenerate(req: Req, done: () => void) {
      store.calls.push(`regenerate ${req.sessionID}`)
      base.Store.prototype.regenerate.call(store, req as never, done)
    },
  })
}

/** A store that extends no class; the middleware assigns `generate`. */
function plainStore() {
  const records = new Map<string, object>([['a', record({ user: 'ann' })]])
  const calls: string[] = []
  return {
    records,
    calls,
    generate(_req: Req) {},
    get(sid: string, done: Answer) {
      calls.push(`get ${sid}`)
      setImmediate(done, null, records.get(sid))
    },
    set(sid: string, data: object, done: Answer) {
      calls.push(`set ${sid}`)
      records.set(sid, JSON.parse(JSON.stringify(data)))
      setImmediate(done)
    },
    destroy(sid: string, done: Answer) {
      calls.push(`destroy ${sid}`)
      records.delete(sid)
      setImmediate(done)
    },
    regenerate(req: Req, done: Answer) {
      calls.push(`regenerate ${req.sessionID}`)
      records.delete(req.sessionID)
      this.generate(req)
      setImmediate(done)
    },
  }
}

function logInWith(method: string): Layer {
  return (req, res) => regenerators[method]?.(req, () => finish(req, res))
}

function finish(req: Req, res: Res) {
  req.session.user = 'ada'
  res.end(req.sessionID)
}
