import { describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { cookieOf, readSetCookie, sidOf } from '../support/cookies'
import { answer, countViews, showId } from '../support/handlers'
import { compare } from '../support/implementations'
import { crashesOf, outcome } from '../support/outcome'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const EAGER = { ...SETTINGS, saveUninitialized: true }

describe('genid', () => {
  it('makes 24 random bytes in base64url by default', async () => {
    const app = serve(session(EAGER), showId)
    const [first, second] = [await app.get(), await app.get()]
    expect(first.text).toMatch(/^[\w-]{32}$/)
    expect(first.text).not.toBe(second.text)
    expect(sidOf(first)).toBe(first.text)
  })

  it.each(hosts)('makes the id from the request with $name', async (host) => {
    const genid = (req: { url: string }) => `id of ${req.url}`
    const app = host.serve(session({ ...EAGER, genid }), showId)
    const res = await app.get('/x')
    expect([res.text, sidOf(res)]).toEqual(['id of /x', 'id of /x'])
  })

  it('is asked again by regenerate', async () => {
    let count = 0
    const app = serve(session({ ...EAGER, genid: () => `id${++count}` }), (req, res) => {
      req.session.regenerate(() => res.end(req.sessionID))
    })
    expect((await app.get()).text).toBe('id2')
  })

  it('is asked once where it gives no id', async () => {
    const asked = await compare(async (session) => {
      const genid = vi.fn(() => undefined as never)
      await serve(session({ ...EAGER, genid }), answer).get()
      return genid.mock.calls.length
    })
    expect(asked).toEqual({ ours: 1, upstream: 1 })
  })

  it('is not asked for a session that comes back', async () => {
    let count = 0
    const app = serve(session({ ...SETTINGS, genid: () => `id${++count}` }), countViews)
    await app.get('/', cookieOf(await app.get()))
    expect(count).toBe(1)
  })

  it.each([5, 'text', {}, []])('is a TypeError when it is no function: %j', (genid) => {
    const create = () => session({ ...SETTINGS, genid: genid as never })
    expect(create).toThrow(new TypeError('genid option must be a function'))
  })
})

describe('genid that throws', () => {
  const genid = () => {
    throw new Error('no entropy')
  }

  it.each(hosts)('is an error for the error handler with $name', async (host) => {
    const app = host.serve(session({ ...EAGER, genid }), answer)
    const res = await app.get()
    expect([res.status, res.text]).toEqual([500, 'no entropy'])
    expect(app.errors).toHaveLength(1)
  })

  it('is an error for the callback of regenerate', async () => {
    const message = await compare(async (session) => {
      let count = 0
      const later = () => (count++ === 0 ? 'first' : genid())
      const app = serve(session({ ...EAGER, genid: later }), (req, res) => {
        req.session.value = 1
        req.session.regenerate((err: Error | undefined) => res.end(err?.message))
      })
      let seen = ''
      const crashes = await crashesOf(async () => {
        seen = await outcome(session, app.get())
      })
      return [seen, ...crashes]
    })
    expect(message).toEqual({ ours: ['200 no entropy'], upstream: ['no response', 'no entropy'] })
  })
})

describe('genid that gives a promise', () => {
  it.each(hosts)('is awaited with $name', async (host) => {
    const app = host.serve(session({ ...EAGER, genid: async () => 'later' }), showId)
    const res = await app.get()
    expect([res.text, sidOf(res)]).toEqual(['later', 'later'])
  })

  it('is awaited by regenerate', async () => {
    const ids = ['first', 'second']
    const app = serve(session({ ...EAGER, genid: async () => ids.shift() ?? '' }), (req, res) => {
      req.session.regenerate(() => res.end(req.sessionID))
    })
    const res = await app.get()
    expect([res.text, sidOf(res)]).toEqual(['second', 'second'])
  })

  it('is awaited for an id that the store does not know', async () => {
    const app = serve(session({ ...EAGER, genid: async () => 'known' }), showId)
    const cookie = cookieOf(await app.get())
    const other = serve(session({ ...EAGER, genid: async () => 'other' }), showId)
    expect((await other.get('/', cookie)).text).toBe('other')
  })

  it('that is rejected is an error for the error handler', async () => {
    const genid = () => Promise.reject(new Error('no entropy'))
    const app = serve(session({ ...EAGER, genid }), answer)
    const res = await app.get()
    expect([res.status, res.text]).toEqual([500, 'no entropy'])
  })

  it('is no id for npm’s express-session', async () => {
    const sid = await compare(async (session) => {
      const genid = async () => 'later'
      return readSetCookie(await serve(session({ ...EAGER, genid }), answer).get())?.sid
    })
    expect(sid).toEqual({ ours: 'later', upstream: undefined })
  })
})

describe('genid that gives no string', () => {
  it.each([undefined, null, 5, {}])('sets no cookie and saves nothing: %j', async (id) => {
    const store = createStore()
    const app = serve(session({ ...EAGER, store, genid: (() => id) as never }), answer)
    const res = await app.get()
    expect(readSetCookie(res)).toBeUndefined()
    expect(store.calls).toEqual([])
  })
})
