import { describe, expect, it } from 'vitest'
import { type Layer, serve } from '../support/app'
import { cookieOf, readSetCookie } from '../support/cookies'
import { answer, show } from '../support/handlers'
import { compare, type SessionModule } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const EAGER = { ...SETTINGS, saveUninitialized: true }

describe('two middlewares on one store', () => {
  it('give each session the cookie attributes of the middleware that created it', async () => {
    const httpOnly = await compare(async (session) => {
      const { first } = pair(session)
      return 'HttpOnly' in (readSetCookie(await serve(first, answer).get())?.attributes ?? {})
    })
    expect(httpOnly).toEqual({ ours: true, upstream: false })
  })

  it('create ids with their own genid', async () => {
    const id = await compare(async (session) => {
      const { first } = pair(session)
      return readSetCookie(await serve(first, answer).get())?.sid
    })
    expect(id).toEqual({ ours: 'first', upstream: 'second' })
  })

  it('use their own proxy setting', async () => {
    const sent = await compare(async (session) => {
      const store = createStore(session)
      const cookie = { secure: 'auto', sameSite: 'auto' } as const
      const first = session({ ...EAGER, store, cookie, proxy: true })
      session({ ...EAGER, store, cookie, proxy: false })
      const res = await serve(first, answer).get().set('X-Forwarded-Proto', 'https')
      return readSetCookie(res)?.attributes.Secure ?? false
    })
    expect(sent).toEqual({ ours: true, upstream: false })
  })

  it('regenerate a session with the settings of the middleware that loaded it', async () => {
    const id = await compare(async (session) => {
      const { first } = pair(session)
      const app = serve(first, (req, res) => req.session.regenerate(() => answer(req, res, () => {})))
      return readSetCookie(await app.get())?.sid
    })
    expect(id).toEqual({ ours: 'first', upstream: 'second' })
  })

  it('load sessions that the other one saved', async () => {
    const seen = await compare(async (session) => {
      const { first, second } = pair(session)
      const login: Layer = (req, res) => {
        req.session.user = 'ann'
        res.end()
      }
      const cookie = cookieOf(await serve(first, login).get())
      return (
        await serve(
          second,
          show((req) => req.session.user),
        ).get('/', cookie)
      ).text
    })
    expect(seen).toEqual({ ours: '"ann"', upstream: '"ann"' })
  })
})

describe('a dozen middlewares on one store', () => {
  it('add one pair of connection listeners to the store', async () => {
    const listeners = await compare((session) => {
      const store = createStore(session).setMaxListeners(0)
      for (let i = 0; i < 12; i++) session({ ...SETTINGS, store: store as never })
      return [store.listenerCount('connect'), store.listenerCount('disconnect')]
    })
    expect(listeners).toEqual({ ours: [1, 1], upstream: [12, 12] })
  })

  it('all provide no session while the store is disconnected', async () => {
    const seen = await compare((session) => {
      const store = createStore(session)
      const both = [session({ ...SETTINGS, store }), session({ ...SETTINGS, store })]
      store.emit('disconnect')
      return Promise.all(
        both.map(
          async (each) =>
            (
              await serve(
                each,
                show((req) => !req.session),
              ).get()
            ).text,
        ),
      )
    })
    expect(seen).toEqual({ ours: ['true', 'true'], upstream: ['true', 'true'] })
  })
})

/** Two middlewares on one store. In npm's express-session the options of the second apply to both. */
function pair(session: SessionModule) {
  const store = createStore(session)
  const first = session({ ...EAGER, store, genid: () => 'first' })
  const second = session({ ...EAGER, store, genid: () => 'second', cookie: { httpOnly: false } })
  return { first, second }
}
