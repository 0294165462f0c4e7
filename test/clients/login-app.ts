import { createServer } from 'node:http'
import express, { type RequestHandler } from 'express'
import type { Layer, Req } from '../support/app'
import type { SessionModule } from '../support/implementations'
import { listen } from '../support/listen'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

/** Starts an app with a login form; `/` shows the name of the user. */
export async function startLoginApp(session: SessionModule, store = createStore(session)) {
  const middleware: Layer = session({ ...SETTINGS, store })
  const app = express()
  app.use(middleware as unknown as RequestHandler, express.urlencoded({ extended: false }))
  app.get('/', (req, res) => void res.send(`<p id="user">${sessionOf(req).user ?? 'nobody'}</p>`))
  app.get('/login', (_req, res) => void res.send(form))
  app.post('/login', (req, res, next) => {
    sessionOf(req).regenerate((err: unknown) => {
      if (err) return next(err)
      sessionOf(req).user = String(req.body.user)
      res.redirect('/')
    })
  })
  app.post('/logout', (req, res, next) => {
    sessionOf(req).destroy((err: unknown) => (err ? next(err) : res.redirect('/')))
  })
  const server = createServer(app)
  return { server, middleware, store, port: await listen(server) }
}

const form = `<form method="post" action="/login"><input name="user" value="ada"><button>Log in</button></form>`

function sessionOf(req: object) {
  return (req as Req).session
}
