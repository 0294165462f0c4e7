import { describe, expect, it } from 'vitest'
import { hosts, type Layer, type Req, type Res, serve } from '../support/app'
import { sidOf, signedCookie } from '../support/cookies'
import { compare, ours, type SessionModule, upstream } from '../support/implementations'
import { libraries } from '../support/libraries'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore, type TestStore } from '../support/store'

const COOKIE = signedCookie('a')

const bases = {
  'the Store of this package': ours,
  'the Store of express-session': upstream,
}

/** Both ask for a new session; they differ in whom they ask. */
const askers: Record<string, (req: Req, done: () => void) => void> = {
  'req.session.regenerate': (req, done) => req.session.regenerate(done),
  'store.regenerate': (req, done) => req.sessionStore.regenerate(req as never, done),
}

describe.each(Object.entries(bases))('a regenerate of its own on a store built on %s', (_base, base) => {
  it.each(Object.keys(askers))('is asked once by %s, and so is destroy', async (asker) => {
    const { store, res } = await visit(ours, ownRegenerate(base), logInBy(asker))
    expect(store.calls).toEqual(['get a', 'regenerate a', 'destroy a', `set ${res.text}`])
    expect(sidOf(res)).toBe(res.text)
  })
})

describe.each(libraries)('a subclass of MemoryStore with $library', ({ session }) => {
  it('is asked by req.session.regenerate and may leave the work to its parent', async () => {
    const asked: string[] = []
    class Noting extends session.MemoryStore {
      override regenerate(...[req, done]: Parameters<TestStore['regenerate']>) {
        asked.push(req.sessionID)
        super.regenerate(req, done)
      }
    }
    const store = new Noting()
    store.set('a', record() as never)
    const app = serve(session({ ...SETTINGS, store }), logInBy('req.session.regenerate'))
    const { text } = await app.get('/', COOKIE)
    expect([asked, Object.keys(store.sessions)]).toEqual([['a'], [text]])
  })
})

describe('a regenerate of its own', () => {
  it('is what express-session asks too', async () => {
    const calls = await compare(async (session) => {
      const { store, res } = await visit(session, ownRegenerate(session), logInBy('req.session.regenerate'))
      return store.calls.map((call) => call.replace(res.text, 'new'))
    })
    expect(calls.ours).toEqual(calls.upstream)
  })

  it('that fails leaves the session, and the callback hears of it', async () => {
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

describe.each(hosts)('with a genid that gives promises, on $name', (host) => {
  it.each(Object.keys(askers))('%s makes one session', async (asker) => {
    const { store, res } = await visit(ours, createStore(), logInBy(asker), host.serve)
    expect(store.calls).toEqual(['get a', 'destroy a', `set ${res.text}`])
    expect(res.text).toMatch(/^id-\d+$/)
  })

  it.each(Object.keys(askers))('%s may be called twice at the same time', async (asker) => {
    const ask = askers[asker] as (typeof askers)[string]
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
  })
})

describe('fault in express-session', () => {
  it('takes the promise itself for an id', async () => {
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

function logInBy(asker: string): Layer {
  return (req, res) => askers[asker]?.(req, () => finish(req, res))
}

function finish(req: Req, res: Res) {
  req.session.user = 'ada'
  res.end(req.sessionID)
}
