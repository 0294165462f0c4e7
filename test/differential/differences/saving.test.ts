import { createServer } from 'node:http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import type { Layer } from '../../support/app'
import { signedCookie } from '../../support/cookies'
import { answer, setValue } from '../../support/handlers'
import { compare } from '../../support/implementations'
import { listen } from '../../support/listen'
import { connect } from '../../support/raw-client'
import { record } from '../../support/records'
import { roundTrip } from '../../support/round-trip'
import { logIn, startSessionApp } from '../../support/session-app'
import { SETTINGS } from '../../support/settings'
import { createStore } from '../../support/store'
import { visit } from './visit'

const regenerate: Layer = (req, _res, next) => void req.session.regenerate(next)

const reload: Layer = (req, _res, next) => void req.session.reload(next)

const save: Layer = (req, _res, next) => void req.session.save(next)

describe('regenerate', () => {
  const known = { cookie: signedCookie('a'), records: { a: record() } }

  it('saves no session in which nothing was set', async () => {
    const seen = await compare(async (session) => {
      const { methods, cookies } = await visit(session, known, regenerate, answer)
      return { methods, cookies }
    })
    expect(seen).toEqual({
      ours: { methods: ['get', 'destroy'], cookies: 0 },
      upstream: { methods: ['get', 'destroy', 'set'], cookies: 1 },
    })
  })

  it('lets save be the only write', async () => {
    const methods = await compare(async (session) => {
      return (await visit(session, known, regenerate, logIn, save, answer)).methods
    })
    expect(methods).toEqual({ ours: ['get', 'destroy', 'set'], upstream: ['get', 'destroy', 'set', 'set'] })
  })

  it('destroys no id that the store never saw', async () => {
    const methods = await compare(async (session) => {
      return (await visit(session, {}, regenerate, setValue(1))).methods
    })
    expect(methods).toEqual({ ours: ['set'], upstream: ['destroy', 'set'] })
  })
})

describe('a save that the store is working on when its session ends', () => {
  it('is followed by a destroy', async () => {
    const saveAndLeave: Layer = (req, res) => {
      req.session.save()
      req.session.destroy(() => res.end())
    }
    const methods = await compare(async (session) => (await visit(session, {}, saveAndLeave)).methods)
    expect(methods).toEqual({ ours: ['set', 'destroy', 'destroy'], upstream: ['set', 'destroy'] })
  })
})

describe('an error of the store', () => {
  it('reaches next before the bytes are released, so that Express can cut the response that failed', async () => {
    const statusLine = await compare(async (session) => {
      const store = createStore(session)
      store.fail('set', new Error('full'))
      const app = express().use(session({ ...SETTINGS, store }) as never, logIn as never, answer as never)
      const client = (await connect(await listen(createServer(app)))).request('GET /')
      await client.close()
      return client.received.split('\r\n')[0]
    })
    expect(statusLine).toEqual({ ours: '', upstream: 'HTTP/1.1 200 OK' })
  })
})

describe('reload', () => {
  it('leaves a session that needs no save', async () => {
    const methods = await compare(async (session) => {
      const store = createStore(session)
      const changeElsewhere: Layer = (_req, _res, next) => {
        store.put('a', record({ user: 'bob' }))
        next()
      }
      const visitor = { store, cookie: signedCookie('a'), records: { a: record({ user: 'ann' }) } }
      return (await visit(session, visitor, changeElsewhere, reload, answer)).methods
    })
    expect(methods).toEqual({ ours: ['get', 'get', 'touch'], upstream: ['get', 'get', 'set'] })
  })
})

describe('a plain end', () => {
  it('keeps the length that Node gives it', async () => {
    const length = await compare(async (session) => {
      return (await visit(session, {}, logIn, answer)).res.headers['content-length'] ?? 'none'
    })
    expect(length).toEqual({ ours: '2', upstream: 'none' })
  })
})

describe('a response that streams', () => {
  const stream: Layer = (_req, res) => void res.write('first')

  it('saves its session when the headers go', async () => {
    const methods = await compare(async (session) => {
      const { port, store } = await startSessionApp({ session }, logIn, stream)
      await (await connect(port)).request('GET /').text('first')
      return store.methods()
    })
    expect(methods).toEqual({ ours: ['set'], upstream: [] })
  })

  it('saves what was set after the headers when it ends', async () => {
    const late: Layer = (req, res) => {
      res.write('first')
      setImmediate(() => {
        req.session.value = 'late'
        res.end()
      })
    }
    const methods = await compare(async (session) => (await visit(session, {}, logIn, late)).methods)
    expect(methods).toEqual({ ours: ['set', 'set'], upstream: ['set'] })
  })

  it('saves what was set after the headers although the client leaves', async () => {
    const stored = await compare(async (session) => {
      let closed = () => {}
      const gone = new Promise<void>((resolve) => {
        closed = resolve
      })
      const { port, store } = await startSessionApp({ session }, logIn, (req, res) => {
        res.once('close', closed)
        res.write('first')
        setImmediate(() => {
          req.session.value = 'late'
          res.write('second')
        })
      })
      const client = (await connect(port)).request('GET /')
      await client.text('second')
      client.abort()
      await gone
      await roundTrip()
      return [...store.records.values()].some((json) => json.includes('late'))
    })
    expect(stored).toEqual({ ours: true, upstream: false })
  })
})

describe('a key that objects or sessions have of themselves', () => {
  const visitor = (data: object) => ({ cookie: signedCookie('a'), records: { a: record(data) } })

  it('comes back from the store', async () => {
    const isThere: Layer = (req, res) => res.end(String(Object.hasOwn(req.session, 'constructor')))
    const loaded = await compare(async (session) => {
      return (await visit(session, visitor({ constructor: 'Gaudí' }), isThere)).text
    })
    expect(loaded).toEqual({ ours: 'true', upstream: 'false' })
  })

  it.each(['constructor', 'id'])('makes no write of its own: %s', async (key) => {
    const methods = await compare(async (session) => {
      return (await visit(session, visitor({ [key]: 'text' }), answer)).methods
    })
    expect(methods).toEqual({ ours: ['get', 'touch'], upstream: ['get', 'set'] })
  })
})
