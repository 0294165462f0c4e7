import flash from 'connect-flash'
import express, { type RequestHandler } from 'express'
import express4 from 'express4'
import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { cookieSession } from '../support/cookie-app'

/** Not imported, since its types would add a key to the sessions of all tests. */
const { csrfSync } = require('csrf-sync') as {
  csrfSync(): { csrfSynchronisedProtection: RequestHandler; generateToken(req: object): string }
}

const frameworks = [
  { framework: 'Express 5', use: express },
  { framework: 'Express 4', use: express4 },
]

type Cart = { cart?: string }

describe.each(frameworks)('a session in the cookie on $framework', ({ use }) => {
  const session = (options = {}) => cookieSession(options) as never as RequestHandler

  it('logs in and out with Passport, under new ids', async () => {
    const agent = supertest.agent(passportApp(use, session()))
    await agent.post('/cart')
    const before = (await agent.get('/')).body
    await agent.post('/login').send('username=ada&password=wrong').expect('Location', '/?failed')
    expect((await agent.get('/')).body).toEqual(before)
    await agent.post('/login').send('username=ada&password=secret').expect(302).expect('Location', '/')
    const inside = (await agent.get('/')).body
    expect([before.user, before.cart, inside.user, inside.cart]).toEqual([
      null,
      'a book',
      { name: 'ada' },
      null,
    ])
    expect(inside.sid).not.toBe(before.sid)
    const logout = await agent.post('/logout').expect(302)
    expect(logout.headers['set-cookie']).toEqual([expect.stringMatching(/^connect\.sid=; .*1970/)])
    expect((await agent.get('/')).body).toMatchObject({ user: null, cart: null })
  })

  it('keeps the data at a login with keepSessionInfo', async () => {
    const agent = supertest.agent(passportApp(use, session()))
    await agent.post('/cart')
    await agent.post('/login-and-keep').send('username=ada&password=secret').expect(302)
    expect((await agent.get('/')).body).toMatchObject({ user: { name: 'ada' }, cart: 'a book' })
  })

  it('shows the messages of connect-flash once', async () => {
    const app = use()
    app.use(session(), flash())
    app.post('/save', (req, res) => {
      req.flash('note', 'saved')
      res.redirect('/')
    })
    app.get('/', (req, res) => void res.json(req.flash()))
    const agent = supertest.agent(app)
    await agent.post('/save').expect(302)
    expect((await agent.get('/')).body).toEqual({ note: ['saved'] })
    expect((await agent.get('/')).body).toEqual({})
  })

  it('keeps the token of csrf-sync', async () => {
    const { csrfSynchronisedProtection, generateToken } = csrfSync()
    const app = use()
    app.use(session())
    app.get('/token', (req, res) => void res.json({ token: generateToken(req) }))
    app.post('/form', csrfSynchronisedProtection, (_req, res) => void res.end('done'))
    app.use(((_err, _req, res, _next) => void res.status(403).end()) satisfies express.ErrorRequestHandler)
    const agent = supertest.agent(app)
    const { token } = (await agent.get('/token')).body
    await agent.post('/form').set('x-csrf-token', token).expect(200)
    await agent.post('/form').set('x-csrf-token', 'another').expect(403)
  })
})

function passportApp(use: typeof express, session: RequestHandler) {
  const passport = new Passport()
  passport.use(new Strategy((name, password, done) => done(null, password === 'secret' ? { name } : false)))
  passport.serializeUser((user, done) => done(null, (user as { name: string }).name))
  passport.deserializeUser((name, done) => done(null, { name } as Express.User))
  const logIn = (options: object) =>
    passport.authenticate('local', {
      successRedirect: '/',
      failureRedirect: '/?failed',
      ...options,
    }) as RequestHandler
  const app = use()
  app.use(session, passport.initialize(), passport.session(), express.urlencoded({ extended: false }))
  app.post('/cart', (req, res) => {
    ;(req.session as Cart).cart = 'a book'
    res.end()
  })
  app.post('/login', logIn({}))
  app.post('/login-and-keep', logIn({ keepSessionInfo: true }))
  app.post('/logout', (req, res, next) => req.logout((err) => (err ? next(err) : res.redirect('/'))))
  app.get('/', (req, res) => {
    res.json({ user: req.user ?? null, cart: (req.session as Cart).cart ?? null, sid: req.sessionID })
  })
  return app
}
