const { randomBytes } = require('node:crypto')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const express = require('express')
const session = require('sessionware')
const FileStore = require('./file-store')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env
const { SESSION_FOLDER = join(tmpdir(), 'sessionware-custom-store') } = process.env

// The files stay when this process exits. To use them after a restart, set the same SESSION_SECRET again.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

const app = express()

app.use(
  session({
    store: new FileStore(SESSION_FOLDER),
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: 24 * 60 * 60 * 1000 },
  }),
)

app.get('/', (req, res) => {
  req.session.visits = (req.session.visits ?? 0) + 1
  res.send(`Visit ${req.session.visits}`)
})

const server = app.listen(PORT, HOST, (error) => {
  if (error) throw error
  console.log(`The sessions are stored in ${SESSION_FOLDER}. Open http://${HOST}:${server.address().port}`)
})
