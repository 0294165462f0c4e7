import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import express, { type NextFunction, type Request, type Response } from 'express'
import session from 'sessionware'
import './session-data'

const { HOST = '127.0.0.1', PORT = '3000' } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

const app = express()

app.use(express.json())
app.use(session(session.recommended({ secret: SESSION_SECRET, name: 'sid' })))

app.get('/', (_req, res) => {
  res.json({ requests: ['POST /login {"name":"ada"}', 'GET /me', 'POST /read', 'POST /logout'] })
})

app.post('/login', async (req: Request<object, unknown, { name?: unknown }>, res) => {
  const { name } = req.body
  if (typeof name !== 'string' || name === '') return void res.status(400).json({ error: 'name is missing' })
  await req.session.regenerate()
  req.session.user = { name, roles: ['reader'] }
  res.json({ name })
})

app.get('/me', requireUser, (req, res) => {
  // The types know that a session may have no user; requireUser has checked it.
  const { user, visits = 0 } = req.session
  req.session.visits = visits + 1
  res.json({ name: user?.name, roles: user?.roles, visits: visits + 1 })
})

app.post('/read', requireUser, async (req, res) => {
  // The draft has the same types, without the methods of a session.
  const read = await session.updateSession(req, (draft) => {
    draft.read = [...(draft.read ?? []), new Date().toISOString()]
    return draft.read.length
  })
  res.json({ read })
})

app.post('/logout', async (req, res) => {
  await req.session.destroy()
  res.sendStatus(204)
})

const server = app.listen(Number(PORT), HOST, () => {
  console.log(`Open http://${HOST}:${(server.address() as AddressInfo).port}`)
})

function requireUser(req: Request, res: Response, next: NextFunction) {
  if (req.session.user) next()
  else res.status(401).json({ error: 'not logged in' })
}
