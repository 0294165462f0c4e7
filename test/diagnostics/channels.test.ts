import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it, onTestFinished } from 'vitest'
import session, { type SessionExplanation } from '../../src'
import { type Layer, serve } from '../support/app'
import { cookieOf } from '../support/cookies'
import { ours } from '../support/implementations'
import { createStore } from '../support/store'
import { addSecret, mustHaveNoSecret } from './no-secrets'
import { change, RIGHT, SECRET } from './told'

interface Call {
  operation: string
  store: string
  outcome: string | undefined
  bytes: number | undefined
  error?: Error
}

/** Collects the events of the store's calls, with what the call says of itself at that time. */
function traceStore() {
  const events: [event: string, operation: string, outcome: string | undefined, bytes: number | undefined][] =
    []
  const channels = tracingChannel<unknown, Call>('sessionware:store')
  addSecret(SECRET)
  const listen = (event: string) => (call: Call) => {
    // An error is the store's, and may name a key.
    mustHaveNoSecret({ ...call, error: undefined })
    events.push([event, call.operation, call.outcome, event === 'start' ? undefined : call.bytes])
  }
  const handlers = {
    start: listen('start'),
    end: listen('end'),
    asyncStart: listen('asyncStart'),
    asyncEnd: listen('asyncEnd'),
    error: listen('error'),
  }
  channels.subscribe(handlers as never)
  onTestFinished(() => void channels.unsubscribe(handlers as never))
  return events
}

const stores = {
  'a MemoryStore': () => new session.MemoryStore(),
  'a store that answers later': () => createStore(),
}

describe.each(Object.entries(stores))('sessionware:store with %s', (_what, make) => {
  it('publishes each call with its operation, outcome and bytes', async () => {
    const store = make()
    const app = serve(ours({ ...RIGHT, store: store as never }) as unknown as Layer, (req, res, next) => {
      if (req.url === '/read') return res.end(String(req.session.views))
      if (req.url === '/logout') return req.session.destroy(() => res.end())
      return change(req, res, next)
    })
    const events = traceStore()
    const ends = async (path: string, cookie?: string) => {
      events.length = 0
      const res = await app.get(path, cookie)
      const ended = events.filter(([event]) => event === 'asyncEnd').map(([, ...rest]) => rest)
      expect(events.filter(([event]) => event === 'start')).toHaveLength(ended.length)
      expect(events.filter(([event]) => event === 'end')).toHaveLength(ended.length)
      return { res, ended }
    }
    const first = await ends('/')
    const cookie = cookieOf(first.res)
    const bytes = first.ended[0]?.[2] as number
    expect(bytes).toBeGreaterThan(40)
    expect(first.ended).toEqual([['set', 'written', bytes]])
    expect((await ends('/read', cookie)).ended).toEqual([
      ['get', 'found', bytes],
      ['touch', 'touched', undefined],
    ])
    expect((await ends('/logout', cookie)).ended).toEqual([
      ['get', 'found', bytes],
      ['destroy', 'destroyed', undefined],
    ])
    expect((await ends('/read', cookie)).ended).toEqual([['get', 'missing', undefined]])
  })
})

describe('sessionware:store', () => {
  it('publishes errors and timeouts', async () => {
    const store = createStore()
    const app = serve(ours({ ...RIGHT, store, storeTimeout: 20 }) as unknown as Layer, change)
    const cookie = cookieOf(await app.get())
    const events = traceStore()
    store.fail('get', new Error('down'))
    await app.get('/', cookie)
    expect(events.map(([event, , outcome]) => [event, outcome])).toEqual([
      ['start', undefined],
      ['end', undefined],
      ['error', 'error'],
      ['asyncStart', 'error'],
      ['asyncEnd', 'error'],
    ])
    events.length = 0
    const { release } = store.hold('get') as unknown as { release: () => void }
    await app.get('/', cookie)
    release?.()
    await new Promise(setImmediate)
    expect(events.filter(([event]) => event === 'asyncEnd')).toEqual([
      ['asyncEnd', 'get', 'timeout', undefined],
    ])
  })

  it.each(Object.entries(stores))(
    'keeps the context of the request in handlers, and gives the store that of the subscriber, with %s',
    async (_what, make) => {
      const span = new AsyncLocalStorage<string>()
      const request = new AsyncLocalStorage<string>()
      const { start } = tracingChannel('sessionware:store')
      start.bindStore(span, () => 'store call')
      onTestFinished(() => void start.unbindStore(span))
      const seen: unknown[] = []
      const store = make()
      const { get } = store
      store.get = ((sid: string, done: never) => {
        seen.push(['in the store', span.getStore(), request.getStore()])
        return get.call(store as never, sid, done)
      }) as never
      const app = serve(
        (_req, _res, next) => void span.run('outer', () => request.run('mine', next)),
        ours({ ...RIGHT, store: store as never }) as unknown as Layer,
        (req, res, next) => {
          seen.push(['in the handler', span.getStore(), request.getStore()])
          change(req, res, next)
        },
      )
      const cookie = cookieOf(await app.get())
      await app.get('/', cookie)
      expect(seen).toEqual([
        ['in the handler', 'outer', 'mine'],
        ['in the store', 'store call', 'mine'],
        ['in the handler', 'outer', 'mine'],
      ])
    },
  )

  it('publishes the calls of a session that is used outside a request', async () => {
    const store = createStore()
    store.put('a', { cookie: { originalMaxAge: null, path: '/' }, views: 1 } as never)
    const events = traceStore()
    const kept = await new Promise<{ save: () => Promise<void> }>((resolve, reject) => {
      store.load('a', (err, loaded) => (err ? reject(err) : resolve(loaded as never)))
    })
    await kept.save()
    expect(events.filter(([event]) => event === 'asyncEnd').map(([, operation]) => operation)).toContain(
      'set',
    )
  })
})

describe('sessionware:request', () => {
  it('publishes at the end of each request what explainSession returns, with the times', async () => {
    const explanations: SessionExplanation[] = mustHaveNoSecret([])
    addSecret(SECRET)
    const contexts: unknown[] = []
    const request = new AsyncLocalStorage<string>()
    const listen = (message: unknown) => {
      explanations.push(message as SessionExplanation)
      contexts.push(request.getStore())
    }
    subscribe('sessionware:request', listen)
    onTestFinished(() => void unsubscribe('sessionware:request', listen))
    const store = createStore()
    const app = serve(
      (_req, _res, next) => void request.run('mine', next),
      ours({ ...RIGHT, store, diagnostics: false }) as unknown as Layer,
      change,
    )
    const cookie = cookieOf(await app.get())
    await app.get('/', cookie)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(explanations.map(({ line }) => line)).toEqual([
      'connect.sid: no cookie; Store not asked; new session; changed: views; save, because it is new, and views has changed; cookie sent, because the session is new for the browser',
      expect.stringMatching(
        /^connect\.sid: 1 cookie \(loaded\); Store: found in \d+\.\d ms; changed: views; save, because views has changed; cookie not sent, because the browser has it, and it has not changed$/,
      ),
    ])
    expect(contexts).toEqual(['mine', 'mine'])
  })
})
