const { randomBytes } = require('node:crypto')
const express = require('express')
const session = require('sessionware')
const { html, page, stylesheet } = require('../page')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

const app = express()

app.use(stylesheet)
app.use(
  session({
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    // A session ends one day after its last request.
    idleTimeout: 24 * 60 * 60 * 1000,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto' },
  }),
)

app.get('/', countView, (req, res) => {
  const views = req.session.views['/']
  res.send(
    page(
      'View counter',
      html`<p>You have seen this page ${views} ${views === 1 ? 'time' : 'times'}.</p>
        <p><a href="/">Once more</a>, or <a href="/other">another page</a>.</p>`,
    ),
  )
})

app.get('/other', countView, (req, res) => {
  res.json(req.session.views)
})

const server = app.listen(PORT, HOST, (error) => {
  if (error) throw error
  console.log(`View counter: open http://${HOST}:${server.address().port}`)
})

function countView(req, _res, next) {
  req.session.views ??= {}
  req.session.views[req.path] = (req.session.views[req.path] ?? 0) + 1
  next()
}
