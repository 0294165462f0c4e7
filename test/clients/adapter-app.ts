import express from 'express'
import { ours } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

/** The stores behind an adapter or framework: one in the process, one that answers later, one that refuses writes. */
export const stores = {
  MemoryStore: () => new ours.MemoryStore(),
  'an asynchronous store': () => createStore(),
  'a store that refuses writes': () => {
    const store = createStore()
    store.fail('set', new Error('READONLY'))
    return store
  },
}

export function createSessions(store: object): express.RequestHandler {
  return ours({ ...SETTINGS, store: store as never }) as unknown as express.RequestHandler
}

/** An Express app whose pages change the session in the usual ways. */
export function createAdapterApp(store: object) {
  const app = express().set('env', 'test')
  app.use(createSessions(store))
  app.use((req, _res, next) => {
    Object.assign(req.session, { user: 'ada' })
    next()
  })
  app.get('/json', (_req, res) => void res.json({ ok: true }))
  app.get('/redirect', (_req, res) => res.redirect('/home'))
  app.get('/empty', (_req, res) => void res.status(204).end())
  app.get('/stream', (_req, res) => {
    res.write('first')
    setImmediate(() => res.end('last'))
  })
  app.get('/fault', (req, res) => {
    Object.assign(req.session, { value: 1n })
    res.send('never sent')
  })
  return app
}

/** The status and the body of each page. */
export const pages: [path: string, status: number, body: string | RegExp][] = [
  ['/json', 200, '{"ok":true}'],
  ['/redirect', 302, 'Found. Redirecting to /home'],
  ['/empty', 204, ''],
  ['/stream', 200, 'firstlast'],
  ['/fault', 500, /BigInt/],
]
