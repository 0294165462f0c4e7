import express from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer } from '../support/app'
import { sidOf, signedCookie } from '../support/cookies'
import { libraries } from '../support/libraries'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe('store.generate', () => {
  it.each(hosts)('gives the request a new session with $name', async (host) => {
    const store = createStore()
    store.put('a', record({ user: 'ann' }))
    const app = host.serve(session({ ...SETTINGS, store, saveUninitialized: true }), (req, res) => {
      req.sessionStore.generate(req as never)
      res.end(`${req.session.id === req.sessionID} ${req.sessionID !== 'a'} ${req.session.user}`)
    })
    const res = await app.get('/', COOKIE)
    expect(res.text).toBe('true true undefined')
    expect([...store.records.keys()]).toEqual(['a', sidOf(res)])
  })

  it.each(libraries)(
    'starts a new session when the store could not load one, with $library',
    async ({ session }) => {
      const store = createStore(session)
      store.fail('get', new Error('away'))
      const res = await startNewSession(session({ ...SETTINGS, store }))
      expect([res.status, res.text]).toEqual([200, 'away'])
      expect(store.record(sidOf(res))).toMatchObject({ user: 'bob' })
      expect(sidOf(res)).not.toBe('a')
    },
  )
})

/** An application that starts a new session when the store fails, instead of answering with an error. */
function startNewSession(middleware: Layer) {
  const app = express()
  app.use(middleware as never)
  app.use(((err, req, res, _next) => {
    req.sessionStore.generate(req)
    Object.assign(req.session, { user: 'bob' })
    res.end(err.message)
  }) satisfies express.ErrorRequestHandler)
  return supertest(app).get('/').set('Cookie', COOKIE)
}
