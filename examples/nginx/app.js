const { randomBytes } = require('node:crypto')
const express = require('express')
const session = require('sessionware')
const { html, page, stylesheet } = require('../page')

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

exports.createApp = ({ trustProxy }) => {
  const app = express()
  // Trust the X-Forwarded-* headers of nginx, which is on this machine. Without it, Express sees plain HTTP.
  app.set('trust proxy', trustProxy === 'none' ? false : trustProxy)
  app.use(stylesheet, express.urlencoded({ extended: false }))
  app.use(
    session(
      session.recommended({
        secret: SESSION_SECRET,
        // Browsers keep a cookie of this name only if this host has set it, over HTTPS, for all paths, and not by a script.
        name: '__Host-Http-id',
        cookie: { secure: true },
      }),
    ),
  )

  app.get('/', (req, res) => res.set('Cache-Control', 'no-store').send(homePage(req)))
  app.post('/login', async (req, res) => {
    await req.session.regenerate()
    req.session.user = String(req.body?.name || 'somebody')
    res.redirect(303, '/')
  })
  app.post('/logout', async (req, res) => {
    await req.session.destroy()
    res.redirect(303, '/')
  })
  return app
}

function homePage(req) {
  const { user } = req.session
  return page(
    user ? `Hello, ${user}` : 'Behind nginx',
    html`<dl>
        <dt>Protocol</dt><dd>${req.protocol}</dd>
        <dt>Your address</dt><dd>${req.ip}</dd>
      </dl>
      ${
        user
          ? html`<form method="post" action="/logout"><button>Log out</button></form>`
          : html`<form method="post" action="/login">
              <label>Your name <input name="name" value="Ada" required></label>
              <button>Log in</button>
            </form>`
      }`,
  )
}
