import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, type Req, serve } from '../support/app'
import { setCookies, signedCookie } from '../support/cookies'
import { libraries } from '../support/libraries'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

const ways: Array<[way: string, unset: (req: Partial<Req>) => void]> = [
  ['null', (req) => Object.assign(req, { session: null })],
  ['undefined', (req) => Object.assign(req, { session: undefined })],
  ['deleted', (req) => void delete req.session],
]

describe.each(hosts)('unset with $name', (host) => {
  it.each(ways)('destroy removes the record when req.session is %s', async (_way, unset) => {
    const { calls, res } = await request(host.serve, 'destroy', unset)
    expect([res.text, calls]).toEqual(['ok', ['get a', 'destroy a']])
    expect(setCookies(res)).toEqual([])
  })

  it.each(ways)('keep does not remove the record when req.session is %s', async (_way, unset) => {
    const { calls, res } = await request(host.serve, 'keep', unset)
    expect([res.text, calls]).toEqual(['ok', ['get a']])
    expect(setCookies(res)).toEqual([])
  })
})

describe.each(libraries)(
  'a session that is deleted before any handler reads it, with $library',
  ({ session }) => {
    const forget: Layer = (req, res) => {
      delete (req as Partial<Req>).session
      res.end(`${req.sessionID} ${typeof req.session} ${'session' in req}`)
    }

    it.each([
      ['keep', ['get a']],
      ['destroy', ['get a', 'destroy a']],
    ] as const)('stays deleted when the handler then reads req.sessionID: %s', async (unset, expected) => {
      const store = createStore(session)
      store.put('a', record({ user: 'ann' }))
      const res = await serve(session({ ...SETTINGS, store, unset }), forget).get('/', COOKIE)
      expect([res.text, store.calls]).toEqual(['a undefined false', expected])
      expect(setCookies(res)).toEqual([])
    })

    it.each([
      ['keep', []],
      ['destroy', ['destroy']],
    ] as const)('stays deleted when it was new: %s', async (unset, expected) => {
      const store = createStore(session)
      const res = await serve(session({ ...SETTINGS, store, unset }), forget).get()
      expect(res.text).toMatch(/^[\w-]{32} undefined false$/)
      expect([store.methods(), setCookies(res)]).toEqual([expected, []])
    })
  },
)

describe('unset', () => {
  it('is keep by default', async () => {
    const { calls } = await request(serve, undefined, (req) => void delete req.session)
    expect(calls).toEqual(['get a'])
  })

  it('destroy does not remove a session that was not unset', async () => {
    const { calls } = await request(serve, 'destroy', () => {})
    expect(calls).toEqual(['get a', 'touch a'])
  })

  it('destroy passes the store’s error to the error handler', async () => {
    const store = createStore()
    store.put('a', record())
    store.fail('destroy', new Error('stuck'))
    const app = serve(session({ ...SETTINGS, store, unset: 'destroy' }), (req, res) => {
      req.session = null as never
      res.end('ok')
    })
    const res = await app.get('/', COOKIE)
    expect([res.status, res.text]).toEqual([200, 'ok'])
    expect(app.errors.map((err) => err.message)).toEqual(['stuck'])
  })

  it('destroy sends no cookie for a new session that was set to null', async () => {
    const app = serve(session({ ...SETTINGS, saveUninitialized: true, unset: 'destroy' }), (req, res) => {
      req.session = null as never
      res.end('ok')
    })
    const res = await app.get()
    expect([res.text, setCookies(res)]).toEqual(['ok', []])
  })

  it.each(['other', 5, true, {}])('throws a TypeError for any other value: %j', (unset) => {
    const create = () => session({ ...SETTINGS, unset: unset as never })
    expect(create).toThrow(new TypeError('unset option must be "destroy" or "keep"'))
  })
})

async function request(
  serve: typeof import('../support/app').serve,
  unset: 'destroy' | 'keep' | undefined,
  change: (req: Partial<Req>) => void,
) {
  const store = createStore()
  store.put('a', record())
  const layer: Layer = (req, res) => {
    change(req)
    res.end('ok')
  }
  const app = serve(session({ ...SETTINGS, store, ...(unset && { unset }) }), layer)
  return { res: await app.get('/', COOKIE), calls: store.calls }
}
