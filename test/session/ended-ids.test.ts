import { describe, expect, it } from 'vitest'
import session from '../../src'
import { type Layer, serve } from '../support/app'
import { COOKIE, call, end, seeded, startSlow, upgrade } from '../support/ending'
import { compare, ours } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'

describe('a request that began before its session ended', () => {
  it('is refused however many other sessions end meanwhile', async () => {
    const store = seeded(ours)
    const slow = await startSlow(ours, store)
    await slow.app.get('/end', COOKIE)
    const middleware = session({ ...SETTINGS, store })
    for (let i = 0; i < 20_000; i++) destroyAnonymous(middleware)
    await slow.finish()
    expect(store.records.has('a')).toBe(false)
  })

  it('is refused though another process has created the id anew, and changes nothing of the new record', async () => {
    const store = seeded(ours)
    const slow = await startSlow(ours, store)
    await slow.app.get('/end', COOKIE)
    store.put('a', record({ user: 'ann', value: 'new' }))
    await slow.finish()
    expect(store.record('a').value).toBe('new')
  })

  it('is refused with a second middleware on the store', async () => {
    const store = seeded(ours)
    const slow = await startSlow(ours, store)
    await serve(session({ ...SETTINGS, store }), end).get('/', COOKIE)
    await slow.finish()
    expect(store.records.has('a')).toBe(false)
  })

  it('is refused if a second destroy fails', async () => {
    const store = seeded(ours)
    const slow = await startSlow(ours, store)
    const kept = (await upgrade(store)).session
    await slow.app.get('/end', COOKIE)
    store.fail('destroy', new Error('down'))
    await expect(kept.destroy()).rejects.toThrow('down')
    await slow.finish()
    expect(store.records.has('a')).toBe(false)
  })
})

describe('a request that begins after its session ended', () => {
  it('is served if another process has created the id anew', async () => {
    const seen = await compare(async (session) => {
      const store = seeded(session)
      await serve(session({ ...SETTINGS, store }), end).get('/', COOKIE)
      store.put('a', record({ user: 'ann', value: 'new' }))
      const write: Layer = (req, res) => {
        const { value } = req.session
        req.session.value = 'newer'
        res.end(value as string)
      }
      const { text } = await serve(session({ ...SETTINGS, store }), write).get('/', COOKIE)
      return [text, store.record('a').value]
    })
    expect(seen).toEqual({ ours: ['new', 'newer'], upstream: ['new', 'newer'] })
  })

  it('may log in under the same id, which genid gives again', async () => {
    const seen = await compare(async (session) => {
      const store = seeded(session)
      const app = serve(session({ ...SETTINGS, store, genid: () => 'a' }), (req, res) => {
        if (req.url === '/end') return req.session.destroy(() => res.end())
        return req.session.regenerate(() => {
          req.session.value = req.url
          res.end()
        })
      })
      await app.get('/end', COOKIE)
      await app.get('/first', COOKIE)
      await app.get('/second', COOKIE)
      return store.record('a').value
    })
    expect(seen).toEqual({ ours: '/second', upstream: '/second' })
  })

  it('has no session while the store still works on the destroy', async () => {
    const store = seeded(ours)
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      if (req.url === '/end') return end(req, res, () => {})
      const { user } = req.session
      req.session.value = 'late'
      return res.end(String(user))
    })
    const destroy = store.hold('destroy')
    const logout = app.get('/end', COOKIE).then((res) => res)
    await destroy.called
    const during = await app.get('/', COOKIE)
    destroy.release()
    await logout
    expect([during.text, store.records.has('a')]).toEqual(['undefined', false])
  })
})

function destroyAnonymous(middleware: ReturnType<typeof session>) {
  call(middleware, (req) => void req.session.destroy())
}
