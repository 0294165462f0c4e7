const { RedisStore } = require('connect-redis')
const express = require('express')
const { createClient } = require('redis')
const session = require('sessionware')

const { HOST = '127.0.0.1', PORT = 3000, SESSION_SECRET } = process.env
const { REDIS_URL = 'redis://127.0.0.1:6379', REDIS_PREFIX = 'redis-cluster-example:' } = process.env

// Without the offline queue, requests fail immediately while Redis cannot be reached, and work when it is back.
const client = createClient({ url: REDIS_URL, disableOfflineQueue: true })
client.on('error', (error) => console.error(`Redis: ${error.message}`))

const app = express()

app.use(
  session({
    store: new RedisStore({ client, prefix: REDIS_PREFIX }),
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: 60 * 60 * 1000 },
  }),
)

app.get('/', (req, res) => {
  if (req.session.user) req.session.visits++
  const { user, visits } = req.session
  res.json({ user, visits, pid: process.pid })
})

app.post('/login', express.urlencoded({ extended: false }), async (req, res) => {
  await req.session.regenerate()
  Object.assign(req.session, { user: String(req.body?.user), visits: 0 })
  res.redirect(303, '/')
})

client.connect().then(() => app.listen(PORT, HOST))
