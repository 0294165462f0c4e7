import type { Request, Response } from 'express'
import express from 'express'
import session from 'sessionware'

const app = express()
app.use(session({ secret: 'a secret', resave: false, saveUninitialized: false }))

app.post('/login', async (req: Request, res: Response) => {
  await req.session.regenerate()
  await req.session.save()
  res.send(req.sessionID === req.session.id)
})

app.post('/logout', (req, res, next) => {
  req.session.destroy((error) => (error ? next(error) : res.send('bye')))
})

app.get('/', (req, res) => {
  const store: Express.SessionStore = req.sessionStore
  store.generate(req)
  req.session.cookie.maxAge = 60_000
  req.session.cookie.expires = new Date()
  req.session.touch().resetMaxAge()
  req.session.reload((error) => res.send(String(error)))
})
