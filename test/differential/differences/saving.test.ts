import { describe, expect, it } from 'vitest'
import { type Layer, serve } from '../../support/app'
import { signedCookie } from '../../support/cookies'
import { answer, setValue } from '../../support/handlers'
import { compare } from '../../support/implementations'
import { record } from '../../support/records'
import { logIn } from '../../support/session-app'
import { SETTINGS } from '../../support/settings'
import { createStore } from '../../support/store'
import { visit } from './visit'

const regenerate: Layer = (req, _res, next) => void req.session.regenerate(next)

const reload: Layer = (req, _res, next) => void req.session.reload(next)

const save: Layer = (req, _res, next) => void req.session.save(next)

describe('regenerate', () => {
  const known = { cookie: signedCookie('a'), records: { a: record() } }

  it('does not save an empty session', async () => {
    const seen = await compare(async (session) => {
      const { methods, cookies } = await visit(session, known, regenerate, answer)
      return { methods, cookies }
    })
    expect(seen).toEqual({
      ours: { methods: ['get', 'destroy'], cookies: 0 },
      upstream: { methods: ['get', 'destroy', 'set'], cookies: 1 },
    })
  })

  it('does not save a session again after save', async () => {
    const methods = await compare(async (session) => {
      return (await visit(session, known, regenerate, logIn, save, answer)).methods
    })
    expect(methods).toEqual({ ours: ['get', 'destroy', 'set'], upstream: ['get', 'destroy', 'set', 'set'] })
  })

  it('does not destroy an id that was never stored', async () => {
    const methods = await compare(async (session) => {
      return (await visit(session, {}, regenerate, setValue(1))).methods
    })
    expect(methods).toEqual({ ours: ['set'], upstream: ['destroy', 'set'] })
  })
})

describe('a save that the store has not finished when its session is destroyed', () => {
  it('is followed by a destroy', async () => {
    const saveAndDestroy: Layer = (req, res) => {
      req.session.save()
      req.session.destroy(() => res.end())
    }
    const methods = await compare(async (session) => (await visit(session, {}, saveAndDestroy)).methods)
    expect(methods).toEqual({ ours: ['set', 'destroy', 'destroy'], upstream: ['set', 'destroy'] })
  })
})

describe("unset: 'destroy'", () => {
  it('does not destroy a session that could not be loaded', async () => {
    const methods = await compare(async (session) => {
      const store = createStore(session)
      store.fail('get', new Error('store is down'))
      const options = { unset: 'destroy' } as const
      return (await visit(session, { store, options, cookie: signedCookie('a') })).methods
    })
    expect(methods).toEqual({ ours: ['get'], upstream: ['get', 'destroy'] })
  })

  it('does not destroy a session whose record has no cookie, and passes an error to the error handler', async () => {
    const seen = await compare(async (session) => {
      const visitor = {
        options: { unset: 'destroy' },
        cookie: signedCookie('a'),
        records: { a: {} },
      } as const
      const { methods, errors, res } = await visit(session, visitor, answer)
      return [res.status, errors.length, methods]
    })
    expect(seen).toEqual({ ours: [500, 1, ['get']], upstream: [500, 1, ['get', 'destroy']] })
  })

  it('does not destroy a session that is still being loaded when a timeout ends the response', async () => {
    const methods = await compare(async (session) => {
      const store = createStore(session)
      store.put('a', record())
      const reading = store.hold('get')
      const limit: Layer = (_req, res, next) => {
        void reading.called.then(() => res.end('too late'))
        next()
      }
      await new Promise<void>((resolve) => {
        const app = serve(limit, session({ ...SETTINGS, store, unset: 'destroy' }), () => resolve())
        void app.get('/', signedCookie('a')).then(reading.release)
      })
      return store.methods()
    })
    expect(methods).toEqual({ ours: ['get'], upstream: ['get', 'destroy'] })
  })
})

describe('reload', () => {
  it('gives a session that does not need to be saved', async () => {
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

describe('a stored key with the name of an inherited property', () => {
  const visitor = (data: object) => ({ cookie: signedCookie('a'), records: { a: record(data) } })

  it('is loaded from the store', async () => {
    const isThere: Layer = (req, res) => res.end(String(Object.hasOwn(req.session, 'constructor')))
    const loaded = await compare(async (session) => {
      return (await visit(session, visitor({ constructor: 'Gaudí' }), isThere)).text
    })
    expect(loaded).toEqual({ ours: 'true', upstream: 'false' })
  })

  it.each(['constructor', 'id'])('does not make an unchanged session count as changed: %s', async (key) => {
    const methods = await compare(async (session) => {
      return (await visit(session, visitor({ [key]: 'text' }), answer)).methods
    })
    expect(methods).toEqual({ ours: ['get', 'touch'], upstream: ['get', 'set'] })
  })
})
