import express, { type Request, type RequestHandler } from 'express'
import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import type { SessionModule } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

interface Cart {
  cart?: string
}

type SessionRequest = Request & { session: Cart; sessionID: string }

/** A typical Passport app: a cart before the login, a login that may keep the cart, and a logout. */
export function createPassportApp(session: SessionModule, framework: typeof express) {
  const store = createStore(session)
  const passport = createPassport()
  const app = framework()
  app.use(session({ ...SETTINGS, store }) as RequestHandler)
  app.use(passport.initialize(), passport.session(), express.urlencoded({ extended: false }))

  app.post('/cart', (req, res) => {
    ;(req as SessionRequest).session.cart = 'a book'
    res.end()
  })
  app.post('/login', logInWith(passport, {}))
  app.post('/login-and-keep', logInWith(passport, { keepSessionInfo: true }))
  app.post('/logout', (req, res, next) => req.logout((err) => (err ? next(err) : res.redirect('/'))))
  app.post('/logout-and-keep-cart', (req, res, next) => {
    const { cart } = (req as SessionRequest).session
    req.logout((err) => {
      if (err) return next(err)
      Object.assign((req as SessionRequest).session, { cart })
      res.redirect('/')
    })
  })
  app.post('/destroy-and-keep-cart', (req, res) => {
    const { cart } = (req as SessionRequest).session
    req.logout(() =>
      req.session.destroy(() => {
        Object.assign(req, { session: { cart } })
        res.redirect('/')
      }),
    )
  })
  app.get('/', (req, res) => {
    const { session, sessionID } = req as SessionRequest
    res.json({ user: req.user ?? null, cart: session.cart ?? null, sid: sessionID })
  })
  return { app, store }
}

function createPassport() {
  const passport = new Passport()
  passport.use(new Strategy((name, password, done) => done(null, password === 'secret' ? { name } : false)))
  passport.serializeUser((user, done) => done(null, (user as { name: string }).name))
  passport.deserializeUser((name, done) => done(null, { name } as Express.User))
  return passport
}

function logInWith(passport: ReturnType<typeof createPassport>, options: { keepSessionInfo?: boolean }) {
  const outcome = { successRedirect: '/', failureRedirect: '/?failed' }
  return passport.authenticate('local', { ...outcome, ...options }) as RequestHandler
}
