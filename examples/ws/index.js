const { randomBytes } = require('node:crypto')
const express = require('express')
const session = require('sessionware')
const { stylesheet } = require('../page')
const { addSockets } = require('./sockets')
const views = require('./views')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

const app = express()
const sessions = session(session.recommended({ secret: SESSION_SECRET, name: 'sid' }))

app.use(stylesheet, sessions, express.urlencoded({ extended: false }))

app.get('/', (req, res) => {
  const { user, sent = 0 } = req.session
  res.set('Cache-Control', 'no-store').send(user ? views.chat(user, sent) : views.login())
})

app.post('/login', async (req, res) => {
  await req.session.regenerate()
  req.session.user = String(req.body?.name || 'somebody')
  res.redirect(303, '/')
})

app.post('/logout', async (req, res) => {
  const { sessionID } = req
  await req.session.destroy()
  sockets.closeAll(sessionID)
  res.redirect(303, '/')
})

const server = app.listen(PORT, HOST, (error) => {
  if (error) throw error
  console.log(`Open this page in two tabs: http://${HOST}:${server.address().port}`)
})
const sockets = addSockets(server, sessions)
