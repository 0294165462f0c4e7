import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import session from '../../src'
import { signedCookie } from '../support/cookies'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

describe('a request with an empty response object, as in a WebSocket upgrade', () => {
  it('loads its session', async () => {
    const store = createStore()
    store.put('a', record({ user: 'ann' }))
    const req = { url: '/', headers: { cookie: signedCookie('a') }, socket: new EventEmitter() }
    await runMiddleware(session({ ...SETTINGS, store }), req)
    expect(req).toMatchObject({ session: { user: 'ann' }, sessionID: 'a', sessionStore: store })
  })

  it('gets a new session when it has no cookie, which can be saved', async () => {
    const store = createStore()
    const req = { url: '/', headers: {} } as {
      session?: { user?: string; id: string; save(): Promise<void> }
    }
    await runMiddleware(session({ ...SETTINGS, store }), req)
    if (req.session) req.session.user = 'ann'
    await req.session?.save()
    expect(store.record(req.session?.id)).toMatchObject({ user: 'ann' })
  })
})

function runMiddleware(middleware: ReturnType<typeof session>, req: object) {
  return new Promise<void>((resolve, reject) => {
    middleware(req as never, {} as never, (err) => (err ? reject(err) : resolve()))
  })
}
