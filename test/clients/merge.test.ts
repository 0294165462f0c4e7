import { createServer } from 'node:http'
import flash from 'connect-flash'
import express, { type RequestHandler } from 'express'
import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { KINDS } from '../session/merge/merge-app'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { SETTINGS } from '../support/settings'

describe.each(KINDS)("Passport and connect-flash with saveMode 'merge' on %s", (_kind, create) => {
  it('keep the login and the messages while other requests of the session change it', async () => {
    const { origin } = await start(create())
    const agent = supertest.agent(origin)
    await agent.post('/cart?key=first').expect(200)
    const before = Array.from({ length: 10 }, (_, i) => agent.post(`/cart?key=before${i}`))
    await Promise.all([...before, agent.post('/save?note=saved')])
    await agent.post('/login').type('form').send({ username: 'ada', password: 'secret' }).expect(302)
    const after = Array.from({ length: 10 }, (_, i) => agent.post(`/cart?key=after${i}`))
    await Promise.all([...after, agent.post('/save?note=late')])
    const { body } = await agent.get('/')
    expect(body.user).toEqual({ name: 'ada' })
    expect(body.flash).toEqual({ note: ['saved', 'late'] })
    expect(body.keys).toHaveLength(21)
  })

  it('do not bring the session back that a login has replaced', async () => {
    const { origin, waiting } = await start(create())
    const agent = supertest.agent(origin)
    const { headers } = await agent.post('/cart?key=first')
    const old = String(headers['set-cookie']).split(';')[0] as string
    const slow = supertest(origin).post('/slow').set('Cookie', old).then()
    await waiting.arrived
    await agent.post('/login').type('form').send({ username: 'ada', password: 'secret' }).expect(302)
    waiting.go()
    await slow
    expect((await supertest(origin).get('/').set('Cookie', old)).body).toEqual({
      user: null,
      flash: {},
      keys: [],
    })
    expect((await agent.get('/')).body.user).toEqual({ name: 'ada' })
  })
})

async function start(store: object) {
  const passport = new Passport()
  passport.use(new Strategy((name, password, done) => done(null, password === 'secret' ? { name } : false)))
  passport.serializeUser((user, done) => done(null, (user as { name: string }).name))
  passport.deserializeUser((name, done) => done(null, { name } as Express.User))
  const waiting = { arrived: Promise.resolve(), go: () => {} }
  let arrive = () => {}
  waiting.arrived = new Promise((resolve) => {
    arrive = resolve
  })

  const app = express()
  app.use(
    ours({ ...SETTINGS, store: store as never, saveMode: 'merge' }) as unknown as RequestHandler,
    flash(),
  )
  app.use(passport.initialize(), passport.session(), express.urlencoded({ extended: false }))
  app.post(
    '/login',
    passport.authenticate('local', { successRedirect: '/', keepSessionInfo: true }) as RequestHandler,
  )
  app.post('/cart', (req, res) => {
    Object.assign(req.session, { [`cart ${req.query.key}`]: true })
    setImmediate(() => res.end())
  })
  app.post('/slow', (req, res) => {
    Object.assign(req.session, { 'cart late': true })
    waiting.go = () => res.end()
    arrive()
  })
  app.post('/save', (req, res) => {
    req.flash('note', String(req.query.note))
    res.end()
  })
  app.get('/', (req, res) => {
    const keys = Object.keys(req.session).filter((key) => key.startsWith('cart '))
    res.json({ user: req.user ?? null, flash: req.flash(), keys })
  })
  const server = createServer(app)
  return { origin: `http://127.0.0.1:${await listen(server)}`, waiting }
}
