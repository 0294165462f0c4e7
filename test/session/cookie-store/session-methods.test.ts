import { EventEmitter, once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { readOnly, updateSession } from '../../../src'
import type { Layer, Req, Res } from '../../support/app'
import { serveCookieApp } from '../../support/cookie-app'
import { cookieOf, readSetCookie, setCookies } from '../../support/cookies'

type Actions = Record<string, (req: Req, res: Res) => unknown>

/** An app with these actions, and a client that keeps its cookie. */
function start(options: Parameters<typeof serveCookieApp>[0], actions: Actions) {
  const act: Layer = async (req, res) => {
    const result = await actions[req.url as string]?.(req, res)
    res.end(JSON.stringify(result ?? req.session ?? null))
  }
  const { get, errors } = serveCookieApp(options, act)
  let cookie: string | undefined
  const visit = async (path = '/') => {
    const response = await get(path, cookie)
    const set = readSetCookie(response)
    const isCleared = set?.attributes.Expires === 'Thu, 01 Jan 1970 00:00:00 GMT'
    if (set) cookie = isCleared ? undefined : set.pair
    return { body: JSON.parse(response.text || 'null'), set: set ? (isCleared ? 'cleared' : 'set') : 'none' }
  }
  return { visit, errors, cookie: () => cookie }
}

const logIn = (req: Req) => {
  req.session.user = 'ada'
}

describe('req.session in the cookie', () => {
  it('reloads what came with the request, or was saved since', async () => {
    const { visit } = start(
      {},
      {
        '/login': logIn,
        async '/reload'(req) {
          req.session.user = 'eve'
          await req.session.reload()
          const first = req.session.user
          req.session.views = 1
          await req.session.save()
          req.session.views = 2
          await req.session.reload()
          return [first, req.session.views]
        },
      },
    )
    await visit('/login')
    expect(await visit('/reload')).toEqual({ body: ['ada', 1], set: 'set' })
    expect((await visit()).body).toMatchObject({ user: 'ada', views: 1 })
  })

  it('cannot be reloaded if it is new', async () => {
    const { visit } = start({}, { '/': (req) => req.session.reload().catch((err: Error) => err.message) })
    expect((await visit()).body).toBe('failed to load session')
  })

  it('works with callbacks', async () => {
    const { visit } = start(
      {},
      {
        '/login': (req) =>
          new Promise((resolve, reject) =>
            req.session.regenerate((err) => {
              if (err) return reject(err)
              req.session.user = 'ada'
              req.session.save((fault) => (fault ? reject(fault) : resolve(undefined)))
            }),
          ),
        '/logout': (req) => new Promise((resolve) => req.session.destroy(() => resolve([]))),
      },
    )
    expect((await visit('/login')).set).toBe('set')
    expect((await visit()).body).toMatchObject({ user: 'ada' })
    expect((await visit('/logout')).set).toBe('cleared')
  })

  it('keeps an assigned object, and one that is assigned after destroy', async () => {
    const { visit } = start(
      {},
      {
        '/assign': (req) => {
          req.session = { user: 'ada' } as never
        },
        async '/again'(req) {
          const { sessionID } = req
          await req.session.destroy()
          req.session = { user: 'eve' } as never
          return [sessionID]
        },
        '/': (req) => [req.session.user, req.sessionID],
      },
    )
    await visit('/assign')
    const [user, id] = (await visit()).body
    expect(user).toBe('ada')
    expect((await visit('/again')).body).toEqual([id])
    const [next, newId] = (await visit()).body
    expect([next, newId === id]).toEqual(['eve', false])
  })

  it('is kept by unset: "keep", and deleted by unset: "destroy"', async () => {
    const actions: Actions = {
      '/login': logIn,
      '/unset': (req) => {
        req.session = null as never
      },
      async '/save-and-unset'(req) {
        req.session.views = 7
        await req.session.save()
        req.session = null as never
      },
    }
    const keep = start({}, actions)
    await keep.visit('/login')
    expect(await keep.visit('/unset')).toEqual({ body: null, set: 'none' })
    expect(await keep.visit('/save-and-unset')).toEqual({ body: null, set: 'set' })
    expect((await keep.visit()).body).toMatchObject({ user: 'ada', views: 7 })
    const destroy = start({ unset: 'destroy' }, actions)
    await destroy.visit('/login')
    expect((await destroy.visit('/unset')).set).toBe('cleared')
  })

  it('is sent by an explicit save of a read-only request only', async () => {
    const { visit } = start(
      { rolling: true },
      {
        '/login': logIn,
        '/poll'(req) {
          readOnly(req)
          req.session.views = 1
        },
        async '/save'(req) {
          readOnly(req)
          req.session.views = 2
          await req.session.save()
        },
      },
    )
    await visit('/login')
    expect((await visit('/poll')).set).toBe('none')
    expect((await visit('/save')).set).toBe('set')
    expect((await visit()).body).toMatchObject({ user: 'ada', views: 2 })
  })

  it('is changed by updateSession, on the copy of its request', async () => {
    const { visit } = start(
      {},
      {
        '/login': logIn,
        '/count': (req) =>
          updateSession(req, async (draft) => {
            const data = draft as { views?: number }
            data.views = (data.views ?? 0) + 1
            return data.views
          }),
      },
    )
    await visit('/login')
    expect(await visit('/count')).toEqual({ body: 1, set: 'set' })
    expect(await visit('/count')).toEqual({ body: 2, set: 'set' })
    expect((await visit()).body).toMatchObject({ user: 'ada', views: 2 })
  })

  it('has the same cookie attributes when it is loaded as when it was new', async () => {
    const look = (req: Req) => ({ keys: Object.keys(req.session.cookie), json: req.session.cookie })
    const create = (req: Req) => {
      logIn(req)
      return look(req)
    }
    const { visit } = start({}, { '/create': create, '/look': look })
    const { body } = await visit('/create')
    expect(body.json).toMatchObject({ originalMaxAge: null, path: '/' })
    expect((await visit('/look')).body).toEqual(body)
  })

  it('is available at req.sessionStore', async () => {
    const { visit, errors } = start(
      {},
      {
        '/login': logIn,
        '/get': (req) =>
          new Promise((resolve) =>
            req.sessionStore.get(req.sessionID, (_err, found) => resolve(found ?? null)),
          ),
        '/other': (req) =>
          new Promise((resolve) =>
            req.sessionStore.get('another id', (_err, found) => resolve(found ?? 'none')),
          ),
        '/destroy': (req) =>
          new Promise((resolve) => req.sessionStore.destroy(req.sessionID, () => resolve([]))),
      },
    )
    await visit('/login')
    expect((await visit('/get')).body).toEqual({ user: 'ada', cookie: { originalMaxAge: null } })
    expect((await visit('/other')).body).toBe('none')
    expect((await visit('/destroy')).set).toBe('cleared')
    expect(errors).toEqual([])
  })

  it('is not sent again by a request that was running when it was destroyed', async () => {
    const gate = new EventEmitter()
    const { get } = serveCookieApp({}, async (req, res) => {
      if (req.url === '/login') req.session.user = 'ada'
      if (req.url === '/logout') await req.session.destroy()
      if (req.url === '/slow') {
        req.session.views = 1
        const isFree = once(gate, 'free')
        gate.emit('reached')
        await isFree
      }
      res.end()
    })
    const cookie = cookieOf(await get('/login'))
    const isReached = once(gate, 'reached')
    const slow = get('/slow', cookie).then((response) => setCookies(response))
    await isReached
    await get('/logout', cookie)
    gate.emit('free')
    expect(await slow).toEqual([])
  })

  it('is deleted by a logout with a cookie that another response was to replace', async () => {
    const { get } = serveCookieApp({}, async (req, res) => {
      if (req.url === '/renew') await req.session.regenerate({ keep: true })
      if (req.url === '/logout') await req.session.destroy()
      if (req.url === '/login') req.session.user = 'ada'
      res.end()
    })
    const cookie = cookieOf(await get('/login'))
    await get('/renew', cookie)
    expect(setCookies(await get('/logout', cookie))).toEqual([expect.stringMatching(/^connect\.sid=;/)])
  })

  it('that a parallel login has replaced is kept by a request that ends the old one', async () => {
    const { get } = serveCookieApp({}, async (req, res) => {
      if (req.url === '/first') req.session.views = 1
      if (req.url === '/login') await req.session.regenerate({ keep: true })
      if (req.url === '/end') {
        await get('/login', req.headers.cookie)
        await req.session.destroy()
      }
      res.end()
    })
    const cookie = cookieOf(await get('/first'))
    expect(setCookies(await get('/end', cookie))).toEqual([])
  })

  it('keeps all data that JSON can hold, with any keys', async () => {
    const value = {
      list: [1, { a: null }],
      text: 'ä€😀\n"',
      constructor: 1,
      toString: 'x',
      length: 3,
      id: 'mine',
    }
    const { visit } = start(
      {},
      {
        '/fill': (req) => void Object.assign(req.session, { value, constructor: 'c', hasOwnProperty: 1 }),
      },
    )
    await visit('/fill')
    expect((await visit()).body).toEqual({
      cookie: expect.anything(),
      value,
      constructor: 'c',
      hasOwnProperty: 1,
    })
  })

  it('that JSON cannot hold is an error for next', async () => {
    const { visit, errors } = start({}, { '/big': (req) => void Object.assign(req.session, { n: 1n }) })
    await visit('/big').catch(() => {})
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toContain('BigInt')
  })

  it('takes ids from genid, also from a promise of it', async () => {
    let count = 0
    const { visit } = start(
      { genid: async () => `id-${++count}` },
      { '/login': logIn, '/': (req) => [req.sessionID] },
    )
    await visit('/login')
    expect((await visit()).body).toEqual(['id-1'])
  })
})
