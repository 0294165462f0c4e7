const express = require('express')
const { createClient } = require('redis')
const session = require('sessionware')
const { RedisStore } = require('sessionware/redis')

const { HOST = '127.0.0.1', PORT = 3000, SESSION_SECRET } = process.env
const { REDIS_URL = 'redis://127.0.0.1:6379', REDIS_PREFIX = 'redis-cluster-example:' } = process.env

// Without the offline queue, commands fail immediately while Redis cannot be reached.
const client = createClient({ url: REDIS_URL, disableOfflineQueue: true })
client.on('error', (error) => console.error(`Redis: ${error.message}`))

const app = express()

app.use(
  session(
    session.recommended({
      store: new RedisStore({ client, prefix: REDIS_PREFIX }),
      secret: SESSION_SECRET,
    }),
  ),
)

// While the store is disconnected, requests have no session.
app.use((req, res, next) => {
  if (req.session) next()
  else res.status(503).json({ error: 'Please try again in a minute.' })
})

app.get('/', async (req, res) => {
  if (req.session.user) await countVisit(req)
  const { user, visits } = req.session
  res.json({ user, visits, pid: process.pid })
})

app.post('/login', express.urlencoded({ extended: false }), async (req, res) => {
  await req.session.regenerate()
  Object.assign(req.session, { user: String(req.body?.user), visits: 0 })
  res.redirect(303, '/')
})

// Other requests may count at the same time, in this process and in others: no visit is lost.
function countVisit(req) {
  return session.updateSession(req, (draft) => {
    draft.visits++
  })
}

client.connect().then(() => app.listen(PORT, HOST))
