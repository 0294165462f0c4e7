const { randomBytes } = require('node:crypto')
const express = require('express')
const session = require('sessionware')
const { CookieStore } = require('sessionware/cookie-store')
const { createAccounts, rejectOtherSites } = require('../accounts')
const { stylesheet } = require('../page')
const views = require('./views')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Without SESSION_KEY each start uses a new key, so a restart logs everybody out. All processes need the same key.
const { SESSION_KEY = randomBytes(32).toString('base64url') } = process.env

// `notBefore`: logins up to this time do not count any more.
const accounts = createAccounts({
  ada: { id: 'ada', name: 'Ada Lovelace', notBefore: 0, password: 'analytical engine' },
})

const app = express()

app.use(stylesheet, rejectOtherSites)
app.use(express.urlencoded({ extended: false }))
app.use(session(session.recommended({ name: 'id', store: new CookieStore({ keys: [SESSION_KEY] }) })))
app.use(checkLogin)

app.get('/', (req, res) => {
  res.redirect(req.user ? '/profile' : '/login')
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
  await req.session.regenerate()
  req.session.userId = user.id
  req.session.loginAt = Date.now()
  res.redirect('/profile')
})

app.get('/profile', requireLogin, (req, res) => {
  req.session.visits = (req.session.visits ?? 0) + 1
  const bytes = Buffer.byteLength(req.headers.cookie)
  res.set('Cache-Control', 'no-store').send(views.profile(req.user, req.session, bytes))
})

// A note of the visitor's. It has to fit into the cookie.
app.post('/note', requireLogin, (req, res) => {
  req.session.note = String(req.body?.note ?? '')
  res.redirect('/profile')
})

app.post('/logout', requireLogin, async (req, res) => {
  // This deletes the cookie of this browser only. A copy of it would still work.
  await req.session.destroy()
  res.redirect('/login')
})

app.post('/logout-everywhere', requireLogin, async (req, res) => {
  req.user.notBefore = Date.now()
  await req.session.destroy()
  res.redirect('/login')
})

app.use((_req, res) => {
  res.status(404).send(views.message('Not found', 'There is no such page.'))
})

app.use((error, _req, res, next) => {
  if (res.headersSent) return next(error)
  if (error.code === 'ERR_SESSION_TOO_LARGE') {
    res.status(413).send(views.message('Too long', 'The note does not fit into the cookie.'))
    return
  }
  const status = error.status ?? 500
  if (status >= 500) console.error(error)
  res.status(status).send(views.message('Error', 'The request failed. Please go back and try again.'))
})

const server = app.listen(PORT, HOST, (error) => {
  if (error) throw error
  console.log(
    `Log in as "ada" with the password "analytical engine": http://${HOST}:${server.address().port}`,
  )
})

// A session counts only if its login is later than `notBefore` of its user. That ends copied cookies, too.
async function checkLogin(req, _res, next) {
  const { userId, loginAt } = req.session
  if (userId === undefined) return next()
  const user = accounts.find(userId)
  if (user && loginAt > user.notBefore) req.user = user
  else await req.session.destroy()
  next()
}

function requireLogin(req, res, next) {
  if (req.user) next()
  else res.redirect('/login')
}
