const { randomBytes } = require('node:crypto')
const express = require('express')
const session = require('sessionware')
const { createAccounts, rejectOtherSites } = require('../accounts')
const { stylesheet } = require('../page')
const { deviceOf } = require('./device')
const views = require('./views')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

const accounts = createAccounts({
  ada: { id: 1, name: 'Ada Lovelace', password: 'analytical engine' },
  grace: { id: 2, name: 'Grace Hopper', password: 'flow-matic' },
})

// The store has hashes of the ids, and knows which sessions a user has.
const store = session.hashIds(new session.MemoryStore())
const sessions = session.sessionsOf(store, ({ user }) => user?.id)

const app = express()

app.use(stylesheet)
app.use(rejectOtherSites)
app.use(express.urlencoded({ extended: false }))
app.use(session(session.recommended({ secret: SESSION_SECRET, name: 'sid', store })))

app.get('/', (req, res) => {
  res.redirect(req.session.user ? '/sessions' : '/login')
})

app.get('/login', (_req, res) => {
  res.send(views.login())
})

app.post('/login', async (req, res) => {
  const { username = '', password = '' } = req.body ?? {}
  const user = accounts.check(String(username), String(password))
  if (!user) {
    res.status(401).send(views.login({ username, error: 'The name and the password do not match.' }))
    return
  }

  // A new id at login, so that an attacker who set the old id in this browser cannot use it (session fixation).
  await req.session.regenerate()
  req.session.user = { id: user.id, name: user.name }
  req.session.device = deviceOf(req.get('User-Agent'))
  req.session.since = new Date().toISOString()
  res.redirect('/sessions')
})

app.get('/sessions', requireLogin, async (req, res) => {
  const { user } = req.session
  const list = await sessions.list(user.id, { req })
  res.set('Cache-Control', 'no-store').send(views.sessions(user, list))
})

// The handle of a session of another user ends nothing, so it needs no check.
app.post('/sessions/end', requireLogin, async (req, res) => {
  await sessions.end(req.session.user.id, req.body?.handle)
  res.redirect('/sessions')
})

app.post('/sessions/end-others', requireLogin, async (req, res) => {
  await sessions.endAll(req.session.user.id, { except: req })
  res.redirect('/sessions')
})

app.post('/logout', async (req, res) => {
  await req.session.destroy()
  res.redirect('/login')
})

app.use((_req, res) => {
  res.status(404).send(views.message('Not found', 'There is no such page.'))
})

app.use((error, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = error.status ?? 500
  if (status >= 500) console.error(error)
  res.status(status).send(views.message('Error', 'The request failed. Please go back and try again.'))
})

const server = app.listen(PORT, HOST, (error) => {
  if (error) throw error
  console.log(
    `Log in as "ada" with the password "analytical engine", in two browsers: http://${HOST}:${server.address().port}`,
  )
})

function requireLogin(req, res, next) {
  if (req.session.user) next()
  else res.redirect('/login')
}
