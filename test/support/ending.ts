import session from '../../src'
import { type Layer, type Req, serve } from './app'
import { signedCookie } from './cookies'
import { createGate } from './gate'
import type { SessionModule } from './implementations'
import { record } from './records'
import { SETTINGS } from './settings'
import { createStore, type TestStore } from './store'

/** A client with the session `ANN`, whose id is 'a'. */
export const COOKIE = signedCookie('a')
export const ANN = record({ user: 'ann' })

/** A logout. */
export const end: Layer = (req, res) => req.session.destroy(() => res.end())

/** A store that has the session. */
export function seeded(implementation: SessionModule): TestStore {
  const store = createStore(implementation)
  store.put('a', ANN)
  return store
}

/** Starts a request that changes its session when it is finished; `/end` is the logout. */
export async function startSlow(implementation: SessionModule, store: object) {
  const gate = createGate()
  const app = serve(implementation({ ...SETTINGS, store: store as never }), (req, res, next) => {
    if (req.url === '/end') return end(req, res, next)
    return gate.enter(() => {
      req.session.value = 'late'
      res.end()
    })
  })
  const inFlight = app.get('/', COOKIE).then((res) => res)
  await gate.entered
  const finish = () => {
    gate.open()
    return inFlight
  }
  return { app, finish }
}

/** Calls the middleware as for a WebSocket upgrade. */
export function upgrade(store: TestStore): Promise<Req> {
  const req = { headers: { cookie: COOKIE }, url: '/' } as unknown as Req
  return new Promise((resolve, reject) =>
    session({ ...SETTINGS, store })(req, {} as never, (err) => (err ? reject(err) : resolve(req))),
  )
}

/** Calls the middleware without a server, for tests with many requests. */
export function call(middleware: ReturnType<typeof session>, handle: (req: Req) => void) {
  const req = { headers: {}, url: '/' } as unknown as Req
  middleware(req, {} as never, () => handle(req))
}
