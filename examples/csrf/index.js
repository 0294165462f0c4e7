const { randomBytes } = require('node:crypto')
const { csrfSync } = require('csrf-sync')
const express = require('express')
const session = require('sessionware')
const { html, page, stylesheet } = require('../page')
const sameOrigin = require('./same-origin')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

// Tokens for clients that a check of headers does not satisfy. The session keeps the user's token.
const { csrfSynchronisedProtection, generateToken } = csrfSync({
  getTokenFromRequest: (req) => req.body?.token,
})

const app = express()

app.use(stylesheet)
// Before the session: a rejected request costs no call of the store.
app.use(sameOrigin())
app.use(express.urlencoded({ extended: false }))
app.use(session(session.recommended({ secret: SESSION_SECRET, name: 'sid' })))

app.get('/', (req, res) => {
  const token = generateToken(req)
  const { notes = 0, payments = 0 } = req.session
  res.set('Cache-Control', 'no-store').send(
    page(
      'Requests of other sites',
      html`<dl>
          <dt>Notes</dt><dd>${notes}</dd>
          <dt>Payments</dt><dd>${payments}</dd>
        </dl>
        <form method="post" action="/note"><button class="quiet">Add a note</button></form>
        <form method="post" action="/pay">
          <input type="hidden" name="token" value="${token}">
          <button>Pay, with a token</button>
        </form>`,
    ),
  )
})

app.post('/note', (req, res) => {
  req.session.notes = (req.session.notes ?? 0) + 1
  res.redirect(303, '/')
})

app.post('/pay', csrfSynchronisedProtection, (req, res) => {
  req.session.payments = (req.session.payments ?? 0) + 1
  res.redirect(303, '/')
})

app.use((error, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = error.status ?? error.statusCode ?? 500
  if (status >= 500) console.error(error)
  res.status(status).send(page('The request was rejected', html`<p><a href="/">Back</a></p>`))
})

const server = app.listen(PORT, HOST, (error) => {
  if (error) throw error
  console.log(`Open http://${HOST}:${server.address().port}`)
})
