import type { AddressInfo } from 'node:net'
import express, { type RequestHandler } from 'express'
import { SECRET } from './app'
import { type LibraryName, loadLibrary, loadRedisStore } from './libraries'
import { minimalSession, type Records, recordsInMemory } from './minimal'
import { createRecord } from './scenarios'

/** 'own-redis' is sessionware with `sessionware/redis`. With Redis the others use connect-redis, or only the client. */
export type ServerKind = LibraryName | 'own-redis' | 'nothing' | 'minimal' | 'cookie-session'
export type StoreKind = 'memory' | 'redis'

const [kind, storeKind, url, prefix] = process.argv.slice(2) as [ServerKind, StoreKind, string, string]
const { user } = createRecord(0)

async function main() {
  const app = express()
  const middleware = await createMiddleware()
  if (middleware) app.use(middleware)
  addRoutes(app)
  const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.on('message', () => process.send?.(process.cpuUsage()))
  process.on('disconnect', () => process.exit())
}

async function createMiddleware(): Promise<RequestHandler | undefined> {
  if (kind === 'nothing') return undefined
  if (kind === 'minimal')
    return minimalSession(storeKind === 'redis' ? await recordsInRedis() : recordsInMemory())
  if (kind === 'cookie-session') return createCookieSession()
  const library = loadLibrary(kind === 'own-redis' ? 'ours' : kind)
  const store = storeKind === 'redis' ? await createRedisStore() : new library.MemoryStore()
  const options = { secret: SECRET, resave: false, saveUninitialized: false, store: store as never }
  return library(options) as RequestHandler
}

/** Imported here, since the guard's servers run without the packages of the benchmarks. */
async function createCookieSession() {
  const { default: cookieSession } = await import('cookie-session')
  return cookieSession({ keys: [SECRET] })
}

async function createRedisStore() {
  const client = await connect()
  if (kind === 'own-redis') return new (loadRedisStore())({ client, prefix, ttl: TTL * 1000 })
  const { RedisStore } = await import('connect-redis')
  return new RedisStore({ client, prefix, ttl: TTL })
}

async function recordsInRedis(): Promise<Records> {
  const client = await connect()
  return {
    get: (id, done) => void client.get(prefix + id).then(done),
    set: (id, json, done) => void client.set(prefix + id, json, { EX: TTL }).then(done as () => void),
    touch: (id, done) => void client.expire(prefix + id, TTL).then(done as () => void),
  }
}

/** In seconds. */
const TTL = 600

async function connect() {
  const { createClient } = await import('redis')
  return createClient({ url }).connect()
}

function addRoutes(app: express.Express) {
  app.get('/anonymous', (_req, res) => void res.send('ok'))
  app.get('/read', (req, res) => void res.send(sessionOf(req)?.user?.name ?? 'nobody'))
  app.get('/write', (req, res) => {
    const session = sessionOf(req)
    if (session) session.views = (session.views ?? 0) + 1
    res.send('ok')
  })
  app.get('/login', (req, res, next) => {
    const session = sessionOf(req)
    const enter = (err?: unknown) => {
      if (err) return next(err)
      const entered = sessionOf(req)
      if (entered) entered.user = user
      res.send('ok')
    }
    if (session?.regenerate) session.regenerate(enter)
    else enter()
  })
}

interface LoginSession {
  user?: typeof user
  views?: number
  regenerate?(done: (err?: unknown) => void): void
}

function sessionOf(req: object) {
  return (req as { session?: LoginSession }).session
}

main()
