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

  it('is called again by regenerate', async () => {
    let count = 0
    const app = serve(session({ ...EAGER, genid: () => `id${++count}` }), (req, res) => {
      req.session.regenerate(() => res.end(req.sessionID))
    })
    expect((await app.get()).text).toBe('id2')
  })

  it('is called once when it returns no id', async () => {
    const asked = await compare(async (session) => {
      const genid = vi.fn(() => undefined as never)
      await serve(session({ ...EAGER, genid }), answer).get()
      return genid.mock.calls.length
    })
    expect(asked).toEqual({ ours: 1, upstream: 1 })
  })

  it('is not called for a stored session', async () => {
    let count = 0
    const app = serve(session({ ...SETTINGS, genid: () => `id${++count}` }), countViews)
    await app.get('/', cookieOf(await app.get()))
    expect(count).toBe(1)
  })

  it.each([5, 'text', {}, []])('throws a TypeError when it is not a function: %j', (genid) => {
    const create = () => session({ ...SETTINGS, genid: genid as never })
    expect(create).toThrow(new TypeError('genid option must be a function'))
  })
})

describe('genid that throws', () => {
  const genid = () => {
    throw new Error('no entropy')
  }

  it.each(hosts)('passes the error to the error handler with $name', async (host) => {
    const app = host.serve(session({ ...EAGER, genid }), answer)
    const res = await app.get()
    expect([res.status, res.text]).toEqual([500, 'no entropy'])
    expect(app.errors).toHaveLength(1)
  })

  it('passes the error to the callback of regenerate', async () => {
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

describe('genid that returns a promise', () => {
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

  it('is awaited when the id in the cookie is not in the store', async () => {
    const app = serve(session({ ...EAGER, genid: async () => 'known' }), showId)
    const cookie = cookieOf(await app.get())
    const other = serve(session({ ...EAGER, genid: async () => 'other' }), showId)
    expect((await other.get('/', cookie)).text).toBe('other')
  })

  it('passes its rejection to the error handler', async () => {
    const genid = () => Promise.reject(new Error('no entropy'))
    const app = serve(session({ ...EAGER, genid }), answer)
    const res = await app.get()
    expect([res.status, res.text]).toEqual([500, 'no entropy'])
  })

  it('does not work with npm’s express-session', async () => {
    const sid = await compare(async (session) => {
      const genid = async () => 'later'
      return readSetCookie(await serve(session({ ...EAGER, genid }), answer).get())?.sid
    })
    expect(sid).toEqual({ ours: 'later', upstream: undefined })
  })
})

describe('genid that returns no string', () => {
  it.each([undefined, null, 5, {}])('sets no cookie and saves nothing: %j', async (id) => {
    const store = createStore()
    const app = serve(session({ ...EAGER, store, genid: (() => id) as never }), answer)
    const res = await app.get()
    expect(readSetCookie(res)).toBeUndefined()
    expect(store.calls).toEqual([])
  })
})
