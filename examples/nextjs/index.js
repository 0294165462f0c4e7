const { randomBytes } = require('node:crypto')
const express = require('express')
const next = require('next')
const session = require('sessionware')
const { stylesheet } = require('../page')

const { HOST = '127.0.0.1', PORT = 3000, NODE_ENV } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

const nextApp = next({ dev: NODE_ENV !== 'production', dir: __dirname })

async function main() {
  await nextApp.prepare()
  const handle = nextApp.getRequestHandler()

  const app = express()
  app.use(stylesheet)
  const sessions = session(session.recommended({ secret: SESSION_SECRET, name: 'sid' }))
  // Scripts and images of Next need no session.
  app.use((req, res, next) => (req.path.startsWith('/_next/') ? next() : sessions(req, res, next)))
  // Pages and API routes of Next get this request and this response: `req.session` is there.
  app.use((req, res) => handle(req, res))

  const server = app.listen(PORT, HOST, (error) => {
    if (error) throw error
    console.log(`Open http://${HOST}:${server.address().port}`)
  })
}

main()
