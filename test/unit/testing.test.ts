import { createServer, get, type IncomingMessage } from 'node:http'
import express, { type RequestHandler } from 'express'
import request from 'supertest'
import { beforeEach, describe, expect, it } from 'vitest'
import session from '../../src'
import { createSessionCookie, readSession, seedSession } from '../../src/testing'
import { ours, upstream } from '../support/implementations'
import { listen } from '../support/listen'
import { SECRET, SETTINGS } from '../support/settings'

type Data = Record<string, unknown>

const signing = { secret: SECRET }

let store: InstanceType<typeof ours.MemoryStore>
let app: express.Express

beforeEach(() => {
  store = new session.MemoryStore()
  app = createApp()
})

function createApp(implementation = ours, name = 'connect.sid') {
  const app = express()
  app.use(implementation({ ...SETTINGS, store, name }) as RequestHandler)
  app.get('/read', (req, res) => void res.json({ ...req.session, id: req.sessionID }))
  app.get('/write', (req, res) => {
    Object.assign(req.session, req.query)
    res.cookie('theme', 'dark').json({ id: req.sessionID })
  })
  app.get('/logout', (req, res) => void req.session.destroy(() => res.end()))
  return app
}

describe('createSessionCookie', () => {
  it('returns the cookie that the middleware sends for this id', async () => {
    const { body, headers } = await request(app).get('/write?user=ada')
    const [line = ''] = (headers['set-cookie'] as unknown as string[]).filter((each) =>
      each.startsWith('connect.sid'),
    )
    expect(createSessionCookie({ sid: body.id, secret: SECRET })).toBe(line.split(';')[0])
  })

  it('encodes the id, uses the name, and signs with the first of several secrets', () => {
    const cookie = createSessionCookie({ sid: 'a b;c', secret: [SECRET, 'old'], name: 'sid' })
    expect(cookie).toMatch(/^sid=s%3Aa%20b%3Bc\.[\w%]+$/)
    expect(cookie).toBe(createSessionCookie({ sid: 'a b;c', secret: SECRET, name: 'sid' }))
  })

  it.each([
    ['no id', { secret: SECRET }, 'sid must be a non-empty string'],
    ['an empty id', { sid: '', secret: SECRET }, 'sid must be a non-empty string'],
    ['no secret', { sid: 'a' }, 'secret option must be'],
    ['an empty secret', { sid: 'a', secret: '' }, 'secret option must be'],
    ['no secret in a list', { sid: 'a', secret: [] }, 'secret option array must contain'],
    ['an invalid cookie name', { sid: 'a', secret: SECRET, name: 'a b' }, 'argument name is invalid'],
  ])('refuses %s', (_what, options, message) => {
    const attempt = () => createSessionCookie(options as never)
    expect(attempt).toThrow(TypeError)
    expect(attempt).toThrow(message)
  })
})

describe('seedSession', () => {
  it.each([
    ['this package', ours],
    ['express-session', upstream],
  ])('creates a session that %s loads', async (_whose, implementation) => {
    const cookie = await seedSession(store, { user: 'ada', list: [1] }, signing)
    const { body } = await request(createApp(implementation)).get('/read').set('Cookie', cookie)
    expect(body).toMatchObject({ user: 'ada', list: [1] })
  })

  it('uses the name, the id and the cookie from its options', async () => {
    const options = {
      ...signing,
      name: 'sid',
      sid: 'ada-1',
      cookie: { maxAge: 60_000, sameSite: 'lax' },
    } as const
    const cookie = await seedSession(store, { user: 'ada' }, options)
    const { body } = await request(createApp(ours, 'sid')).get('/read').set('Cookie', cookie)
    expect(body).toMatchObject({
      id: 'ada-1',
      user: 'ada',
      cookie: { originalMaxAge: 60_000, sameSite: 'lax' },
    })
  })

  it('creates a new id for each session', async () => {
    const cookies = [await seedSession(store, {}, signing), await seedSession(store, {}, signing)]
    expect(new Set(cookies).size).toBe(2)
  })

  it('creates a session under an id that the application has destroyed', async () => {
    const seed = () => seedSession(store, { user: 'ada' }, { ...signing, sid: 'ada-1' })
    await request(app)
      .get('/logout')
      .set('Cookie', await seed())
    const { body } = await request(app)
      .get('/read')
      .set('Cookie', await seed())
    expect(body.user).toBe('ada')
  })

  it("rejects with the store's error", async () => {
    const fault = new Error('disk full')
    const failing = Object.assign(new session.MemoryStore(), {
      set: (_sid: string, _session: object, done: (err: Error) => void) => done(fault),
    })
    await expect(seedSession(failing, {}, signing)).rejects.toBe(fault)
  })

  it.each([
    ['no data', null, 'data must be an object'],
    ['a cookie in the data', { cookie: {} }, 'data must not have a cookie: use the cookie option'],
    [
      'a key with the name of a session method',
      { save: true },
      'data must not have the key "save": a session has its own',
    ],
    ['an id in the data', { id: 7 }, 'data must not have the key "id": a session has its own'],
  ])('refuses %s', async (_what, data, message) => {
    await expect(seedSession(store, data as never, signing)).rejects.toThrow(new TypeError(message))
  })

  it('throws for a missing store and a missing secret', async () => {
    await expect(seedSession(session as never, {}, signing)).rejects.toThrow('store must be')
    await expect(seedSession(store, {}, {} as never)).rejects.toThrow('secret option must be')
  })
})

describe('readSession', () => {
  const stored = (record: unknown) => record as Data | undefined

  it("reads the session of the cookie in supertest's response", async () => {
    const response = await request(app).get('/write?user=ada')
    expect(stored(await readSession(store, response, signing))).toMatchObject({
      user: 'ada',
      cookie: { path: '/' },
    })
  })

  it('reads the session for a response of fetch and of node:http', async () => {
    const url = `http://127.0.0.1:${await listen(createServer(app))}/write?user=ada`
    const incoming = await new Promise<IncomingMessage>((resolve) => void get(url, resolve))
    incoming.resume()
    for (const response of [await fetch(url), incoming]) {
      expect(await readSession(store, response, signing)).toMatchObject({ user: 'ada' })
    }
  })

  it('reads the session for a Cookie header', async () => {
    const cookie = await seedSession(store, { user: 'ada' }, signing)
    await request(app).get('/write?color=blue').set('Cookie', cookie)
    expect(await readSession(store, `theme=dark; ${cookie}`, signing)).toMatchObject({
      user: 'ada',
      color: 'blue',
    })
  })

  it('uses the name, and any of several secrets', async () => {
    const response = await request(createApp(ours, 'sid')).get('/write?user=ada')
    const options = { secret: ['new', SECRET], name: 'sid' }
    expect(await readSession(store, response, options)).toMatchObject({ user: 'ada' })
  })

  it('uses the last of two cookies that a response sets, like browsers', async () => {
    await seedSession(store, { user: 'first' }, { ...signing, sid: 'first' })
    await seedSession(store, { user: 'last' }, { ...signing, sid: 'last' })
    const lines = ['first', 'last'].map((sid) => `${createSessionCookie({ sid, secret: SECRET })}; Path=/`)
    const response = { headers: { 'set-cookie': lines } }
    expect(await readSession(store, response, signing)).toMatchObject({ user: 'last' })
  })

  it('returns undefined for a session that is not stored', async () => {
    const cookie = await seedSession(store, {}, signing)
    await request(app).get('/logout').set('Cookie', cookie)
    expect(await readSession(store, cookie, signing)).toBeUndefined()

    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' })
    const files = Object.assign(new session.MemoryStore(), { get: () => Promise.reject(missing) })
    expect(await readSession(files, cookie, signing)).toBeUndefined()
  })

  it('rejects without showing the value when the cookie is missing or signed with another secret', async () => {
    const response = await request(app).get('/write?user=ada')
    await expect(readSession(store, response, { secret: 'other' })).rejects.toThrow(
      new Error('no cookie "connect.sid" signed with this secret in: theme, connect.sid'),
    )
    await expect(readSession(store, response, { ...signing, name: 'sid' })).rejects.toThrow('no cookie "sid"')
    await expect(readSession(store, await request(app).get('/read'), signing)).rejects.toThrow(
      new Error('no cookie "connect.sid" signed with this secret in: no cookies at all'),
    )
  })

  it.each([
    ['nothing', () => undefined],
    ['a request that was not awaited', () => request(app).get('/read')],
  ])('rejects %s instead of a response', async (_what, from) => {
    await expect(readSession(store, from() as never, signing)).rejects.toThrow(
      new TypeError('readSession() needs a response that was awaited, or a Cookie header'),
    )
  })

  it.each([
    ['undefined', undefined],
    ['a middleware', session],
    ['an object without set', { get() {} }],
  ])('throws for %s in place of a store', async (_what, value) => {
    const cookie = createSessionCookie({ sid: 'a', secret: SECRET })
    await expect(readSession(value as never, cookie, signing)).rejects.toThrow('store must be')
  })

  it("rejects with the store's error", async () => {
    const fault = new Error('away')
    const failing = Object.assign(new session.MemoryStore(), { get: () => Promise.reject(fault) })
    await expect(
      readSession(failing, createSessionCookie({ sid: 'a', secret: SECRET }), signing),
    ).rejects.toBe(fault)
  })
})
