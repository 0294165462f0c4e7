const { randomBytes } = require('node:crypto')
const express = require('express')
const session = require('sessionware')
const { Server } = require('socket.io')
const { stylesheet } = require('../page')
const views = require('./views')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

/** Milliseconds between two looks at the store, which notice a session that expired or was ended in another process. */
const { CHECK_PERIOD = 30_000 } = process.env

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
  io.in(sessionID).disconnectSockets(true)
  res.redirect(303, '/')
})

const server = app.listen(PORT, HOST, (error) => {
  if (error) throw error
  console.log(`Open this page in two tabs: http://${HOST}:${server.address().port}`)
})

const io = new Server(server)

// Only the first request of a connection: later ones belong to a session that is loaded already.
io.engine.use((req, res, next) => {
  if (req._query.sid === undefined) sessions(req, res, next)
  else next()
})

io.use(({ request }, next) => next(request.session?.user ? undefined : new Error('not logged in')))

io.on('connection', (socket) => {
  const { request } = socket
  // With an adapter for several processes, the room has the sockets of all of them.
  socket.join(request.sessionID)

  socket.on('say', async (text) => {
    try {
      // Reads the session as it is now, changes it, and saves it.
      const sent = await session.updateSession(request, (draft) => {
        draft.sent = (draft.sent ?? 0) + 1
        return draft.sent
      })
      io.emit('said', { from: request.session.user, text: String(text), sent })
    } catch (error) {
      end(socket, error)
    }
  })

  const timer = setInterval(
    () => request.session.reload().catch((error) => end(socket, error)),
    Number(CHECK_PERIOD),
  )
  socket.on('disconnect', () => clearInterval(timer))
})

function end(socket, error) {
  if (error.code !== 'ERR_SESSION_GONE') console.error(error.message)
  socket.disconnect(true)
}
