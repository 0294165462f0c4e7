const { randomBytes } = require('node:crypto')
const express = require('express')
const passport = require('passport')
const { Strategy } = require('passport-local')
const session = require('sessionware')
const { html, page, stylesheet } = require('../page')
const { createUsers } = require('./users')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

async function main() {
  const users = await createUsers({ ada: 'analytical engine' })
  passport.use(
    new Strategy((name, password, done) => {
      const info = { message: 'The name and the password do not match.' }
      users.check(name, password).then((user) => done(null, user ?? false, info), done)
    }),
  )
  // The session keeps the name; each request looks the user up.
  passport.serializeUser((user, done) => done(null, user.name))
  passport.deserializeUser((name, done) => {
    users.find(name).then((user) => done(null, user ?? false), done)
  })

  const server = createApp().listen(PORT, HOST, (error) => {
    if (error) throw error
    console.log(`Log in as "ada" with "analytical engine": http://${HOST}:${server.address().port}`)
  })
}

function createApp() {
  const app = express()
  app.use(stylesheet, express.urlencoded({ extended: false }))
  app.use(session(session.recommended({ secret: SESSION_SECRET, name: 'sid' })))
  app.use(passport.session())

  app.get('/', (req, res) => res.set('Cache-Control', 'no-store').send(homePage(req)))
  app.get('/login', (req, res) => {
    const [error] = req.session.messages ?? []
    if (error) delete req.session.messages
    res.send(loginPage(error))
  })
  // Passport replaces the session by one with a new id. keepSessionInfo keeps its data: the number of views.
  const options = { failureRedirect: '/login', failureMessage: true, keepSessionInfo: true }
  app.post('/login', passport.authenticate('local', options), (_req, res) => res.redirect(303, '/'))
  app.post('/logout', (req, res, next) => {
    req.logout((error) => (error ? next(error) : res.redirect(303, '/')))
  })
  return app
}

function homePage(req) {
  req.session.views = (req.session.views ?? 0) + 1
  return page(
    req.user ? `Hello, ${req.user.name}` : 'Hello',
    html`<p>Your visits to this page: <output>${req.session.views}</output></p>
      ${
        req.user
          ? html`<form method="post" action="/logout"><button>Log out</button></form>`
          : html`<p><a href="/login">Log in</a></p>`
      }`,
  )
}

function loginPage(error) {
  return page(
    'Log in',
    html`<form method="post" action="/login">
        ${error && html`<p class="error" role="alert">${error}</p>`}
        <label>Name <input name="username" autocomplete="username" required autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        <button>Log in</button>
      </form>
      <p class="hint">Try <kbd>ada</kbd> with the password <kbd>analytical engine</kbd>.</p>`,
  )
}

main()
