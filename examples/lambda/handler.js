const { randomBytes } = require('node:crypto')
const express = require('express')
const serverless = require('serverless-http')
const session = require('sessionware')
const { html, page, stylesheet } = require('../page')

// Each instance of the function is a process, so set SESSION_SECRET: all of them need the same.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

const app = express()

// API Gateway and function URLs end TLS. Without this, a Secure cookie is not sent.
app.set('trust proxy', true)

app.use(stylesheet)
app.use(
  session(
    session.recommended({
      secret: SESSION_SECRET,
      name: '__Host-id',
      // Memory is for this example only: each instance has its own. Use a store that they share, such as Redis or DynamoDB.
      store: new session.MemoryStore(),
      cookie: { secure: true },
    }),
  ),
)

app.get('/', (req, res) => {
  req.session.views = (req.session.views ?? 0) + 1
  res.send(page('Lambda', html`<p>Your visits to this page: <output>${req.session.views}</output></p>`))
})

app.post('/forget', async (req, res) => {
  await req.session.destroy()
  res.redirect(303, '/')
})

// The adapter waits for the end of the response, which waits until the session is saved: nothing is lost when AWS freezes
// the process afterwards.
exports.handler = serverless(app)
