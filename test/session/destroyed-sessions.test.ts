import { describe, expect, it } from 'vitest'
import { type Layer, type Req, serve } from '../support/app'
import { setCookies, signedCookie } from '../support/cookies'
import { createGate } from '../support/gate'
import { compare, ours, type SessionModule } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore, type TestStore } from '../support/store'

const COOKIE = signedCookie('a')

describe('a request in flight while another ends its session', () => {
  it('does not save a logged-out session again', async () => {
    const stored = await compare((session) => raceWithLogout(session, write))
    expect(stored).toEqual({ ours: false, upstream: true })
  })

  it('does not save a logged-out session again with resave', async () => {
    const stored = await compare((session) => raceWithLogout(session, read, { resave: true }))
    expect(stored).toEqual({ ours: false, upstream: true })
  })

  it('does not save the id from before the login again', async () => {
    const stored = await compare((session) => raceWithLogout(session, write, {}, regenerate))
    expect(stored).toEqual({ ours: false, upstream: true })
  })

  it('does not touch a destroyed session', async () => {
    const store = seededStore(ours)
    await race(ours, store, read, destroy)
    expect(store.methods()).not.toContain('touch')
  })

  it('sends no cookie for a destroyed id', async () => {
    const { res } = await race(ours, seededStore(ours), write, destroy, { rolling: true })
    expect(res.status).toBe(200)
    expect(setCookies(res)).toEqual([])
  })

  it('reports no error for the save that is omitted', async () => {
    const { app, res } = await race(ours, seededStore(ours), write, destroy)
    expect(res.text).toBe('ok')
    expect(app.errors).toEqual([])
  })

  it('does not save a logged-out session again in a MemoryStore', async () => {
    const known = await compare(async (session) => {
      const store = new session.MemoryStore()
      await new Promise<void>((done) => store.set('a', record({ user: 'ann' }) as never, () => done()))
      await race(session, store, write, destroy)
      return new Promise((done) => store.get('a', (_err, found) => done(found != null)))
    })
    expect(known).toEqual({ ours: false, upstream: true })
  })
})

describe('a save that the store is working on when the session is destroyed', () => {
  it('is followed by another destroy', async () => {
    const stored = await compare(saveAcrossLogout)
    expect(stored).toEqual({ ours: false, upstream: true })
  })
})

describe('save on a session object that was kept across regenerate', () => {
  it('does not save the old id again', async () => {
    const stored = await compare(async (session) => {
      const store = seededStore(session)
      const app = serve(session({ ...SETTINGS, store }), (req, res) => {
        const old = req.session
        old.regenerate(() => old.save(() => res.end('ok')))
      })
      await app.get('/', COOKIE)
      return store.records.has('a')
    })
    expect(stored).toEqual({ ours: false, upstream: true })
  })
})

const read: Layer = (_req, res) => res.end('ok')
const write: Layer = (req, res) => {
  req.session.value = 'late'
  res.end('ok')
}
const destroy: Layer = (req, res) => req.session.destroy(() => res.end('bye'))
const regenerate: Layer = (req, res) => req.session.regenerate(() => res.end('hello'))

async function raceWithLogout(
  session: SessionModule,
  slow: Layer,
  options: object = {},
  end: Layer = destroy,
) {
  const store = seededStore(session)
  await race(session, store, slow, end, options)
  return store.records.has('a')
}

/** One request loads the session, another ends it, and only then the first one continues. */
async function race(session: SessionModule, store: object, slow: Layer, end: Layer, options: object = {}) {
  const gate = createGate()
  const app = serve(session({ ...SETTINGS, ...options, store: store as never }), (req, res, next) => {
    if (req.url === '/end') end(req, res, next)
    else gate.enter(() => slow(req, res, next))
  })
  const inFlight = app.get('/slow', COOKIE).then((res) => res)
  await gate.entered
  await app.get('/end', COOKIE)
  gate.open()
  return { app, res: await inFlight }
}

async function saveAcrossLogout(session: SessionModule) {
  const store = seededStore(session)
  const app = serve(session({ ...SETTINGS, store }), (req: Req, res, next) =>
    req.url === '/end' ? destroy(req, res, next) : write(req, res, next),
  )
  const set = store.hold('set')
  const inFlight = app.get('/', COOKIE).then((res) => res)
  await set.called
  await app.get('/end', COOKIE)
  set.release()
  await inFlight
  return store.records.has('a')
}

function seededStore(session: SessionModule): TestStore {
  const store = createStore(session)
  store.put('a', record({ user: 'ann' }))
  return store
}
