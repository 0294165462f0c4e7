import { describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import {
  assignAfterDestroy,
  endings,
  expectNewSession,
  moments,
  values,
} from '../support/assign-after-destroy'
import { readSetCookie, setCookies } from '../support/cookies'
import { COOKIE, seeded } from '../support/ending'
import { eventually } from '../support/eventually'
import { ours } from '../support/implementations'
import { crashesOf } from '../support/outcome'
import { SETTINGS } from '../support/settings'

describe('a session that is assigned after destroy, with a genid that gives a promise', () => {
  const genid = () => new Promise<string>((resolve) => setImmediate(resolve, 'new')) as never

  it.each(Object.keys(moments))('is stored under the id of the promise: %s', async (moment) => {
    await expectNewSession({ genid }, assignAfterDestroy(values['an object'], moments[moment]))
  })

  it.each(hosts)('sends the cookie and the whole body with $name', async (host) => {
    const store = seeded(ours)
    const layer = assignAfterDestroy(undefined, undefined, (_req, res) => {
      res.statusCode = 201
      res.end('a whole body')
      res.statusCode = 500
    })
    const res = await host.serve(session({ ...SETTINGS, store, genid }), layer).get('/', COOKIE)
    expect([res.status, res.text, readSetCookie(res)?.sid]).toEqual([201, 'a whole body', 'new'])
    expect(store.record('new').value).toBe('bye')
  })

  it('asks genid once', async () => {
    const ask = vi.fn(genid)
    const app = serve(session({ ...SETTINGS, store: seeded(ours), genid: ask }), assignAfterDestroy())
    await app.get('/', COOKIE)
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('is an error if the promise is rejected', async () => {
    const reject = () => Promise.reject(new Error('no entropy')) as never
    const store = seeded(ours)
    const app = serve(session({ ...SETTINGS, store, genid: reject }), assignAfterDestroy())
    const res = await app.get('/', COOKIE)
    expect([setCookies(res), store.records.size]).toEqual([[], 0])
    await eventually(() => expect(app.errors.map(({ message }) => message)).toEqual(['no entropy']))
  })

  it('is an error, which names regenerate, if the headers are sent before the end', async () => {
    const store = seeded(ours)
    const layer = assignAfterDestroy(undefined, undefined, endings['the response streams'])
    const app = serve(session({ ...SETTINGS, store, genid }), layer)
    const crashes = await crashesOf(async () => {
      expect((await app.get('/', COOKIE)).text).toBe('ok')
    })
    await eventually(() => expect(app.errors).toHaveLength(1))
    expect(app.errors[0]?.message).toMatch(/req\.session\.regenerate\(\)/)
    expect([crashes, store.records.size]).toEqual([[], 0])
  })
})
