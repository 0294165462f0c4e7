import express, { type RequestHandler } from 'express'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import type { SessionOptions } from '../../src'
import { ours, type SessionModule, upstream } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { storeWith } from '../support/store'
import { useFakeClock } from './fake-clock'
import { ReferenceStore } from './reference-store'

const MINUTE = 60_000

const advance = useFakeClock()

/** Updates its own expiry on touch but not the record, as connect-redis, connect-pg-simple and connect-mongo do. */
function createApp(session: SessionModule) {
  const store = storeWith(methodsOf(new ReferenceStore()), session)
  const options: SessionOptions = { ...SETTINGS, store, cookie: { maxAge: MINUTE } }
  const app = express()
  app.use(session(options) as RequestHandler)
  app.get('/login', (req, res) => void res.json(Object.assign(req.session, { user: 'ada' })))
  app.get('/', (req, res) => void res.json(req.session))
  return app
}

function methodsOf(store: ReferenceStore) {
  return {
    get: store.get.bind(store),
    set: store.set.bind(store),
    destroy: store.destroy.bind(store),
    touch: store.touch.bind(store),
  }
}

describe('a session in a store whose touch does not change the record', () => {
  it.each([
    ['ours', ours],
    ['upstream', upstream],
  ])('lives longer than its first expiry while requests touch it (%s)', async (_whose, session) => {
    const app = createApp(session)
    const login = await request(app).get('/login')
    const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    for (let visit = 1; visit <= 4; visit++) {
      advance(MINUTE / 2)
      const { body } = await request(app).get('/').set('Cookie', cookie)
      expect(body.user, `visit ${visit}`).toBe('ada')
    }
  })

  it.each([
    ['ours', ours],
    ['upstream', upstream],
  ])('ends when no request touches it during its lifetime (%s)', async (_whose, session) => {
    const app = createApp(session)
    const login = await request(app).get('/login')
    advance(MINUTE + 1)
    const { body } = await request(app)
      .get('/')
      .set('Cookie', login.headers['set-cookie']?.[0]?.split(';')[0] ?? '')
    expect(body.user).toBeUndefined()
  })
})
