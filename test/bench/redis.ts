import type { RequestListener } from 'node:http'
import { parseArgs } from 'node:util'
import { RedisStore as ConnectRedis } from 'connect-redis'
import { createClient } from 'redis'
import type { SessionOptions } from '../../src'
import { SECRET } from './app'
import { drive, exchange } from './drive'
import { loadLibrary, loadRedisStore } from './libraries'
import { type Candidate, type Effort, measure } from './measure'
import { estimate, estimateRatio } from './paired'
import { connectRedis } from './round-trips'
import { createRecord, type Request } from './scenarios'
import { REDIS_PREFIX, REDIS_URL } from './servers'
import { table } from './table'

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '61' },
    page: { type: 'string', multiple: true, default: ['anonymous', 'read', 'write', 'login'] },
    /** Options of the middleware, as JSON. */
    options: { type: 'string', multiple: true, default: ['{}', '{"saveMode":"merge"}'] },
  },
})

const { user } = createRecord(0)
const CLIENTS = 32
const CONNECTIONS = 16

/** What a page does with the session of its request. */
const pages: Record<string, (req: Request) => unknown> = {
  anonymous: () => {},
  read: (req) => req.session.user,
  write: (req) => {
    req.session.views = Number(req.session.views ?? 0) + 1
  },
  login: async (req) => {
    await req.session.regenerate()
    Object.assign(req.session, { user })
  },
}

type Store = SessionOptions['store']

/** Compares the CPU time of requests with sessionware/redis and with connect-redis: same client, same middleware. */
async function main() {
  // A busy machine may be slower than the client allows by default.
  const client = createClient({ url: REDIS_URL, commandOptions: { timeout: 60_000 } })
  const cleaner = await connectRedis()
  await client.connect()
  const ours = new (loadRedisStore())({ client, prefix: `${REDIS_PREFIX}ours:`, ttl: 600_000 })
  const theirs = new ConnectRedis({ client, prefix: `${REDIS_PREFIX}theirs:`, ttl: 600 })
  try {
    for (const options of args.options) {
      const rows = []
      for (const page of args.page) rows.push(await compare(page, JSON.parse(options), ours, theirs as never))
      console.log(`Options: ${options}\n\n${table(rows)}\n`)
    }
  } finally {
    await client.close()
    await cleaner.close()
  }
}

async function compare(page: string, options: object, ours: Store, theirs: Store) {
  const candidates = [
    await candidateOf('sessionware/redis', page, options, ours),
    await candidateOf('connect-redis 9', page, options, theirs),
  ]
  const effort: Effort = { rounds: Number(args.rounds), warmUpRounds: 12, turn: 20_000, fewest: CLIENTS }
  const samples = await measure(candidates, effort)
  const [own = [], other = []] = candidates.map(({ name }) => samples[name])
  const [mine, other9, ratio] = [estimate(own), estimate(other), estimateRatio(own, other)]
  return {
    page,
    'sessionware/redis, µs': mine.median.toFixed(1),
    'connect-redis 9, µs': other9.median.toFixed(1),
    ratio: `${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`,
  }
}

/** Returns a candidate that sends requests of clients who are logged in, or of anonymous ones. */
async function candidateOf(name: string, page: string, options: object, store: Store): Promise<Candidate> {
  const library = loadLibrary('ours')
  const middleware = library({ secret: SECRET, resave: false, saveUninitialized: false, store, ...options })
  const serve =
    (work: (req: Request) => unknown): RequestListener =>
    (req, res) => {
      middleware(req as never, res as never, async (err: unknown) => {
        if (err) throw err
        await work(req as Request)
        res.end('ok')
      })
    }
  const cookies: (string | undefined)[] = []
  const isAnonymous = page === 'anonymous' || page === 'login'
  for (let i = 0; i < CLIENTS; i++)
    cookies.push(isAnonymous ? undefined : await logIn(serve(pages.login as never)))
  const listener = serve(pages[page] as never)
  return { name, run: (requests) => drive(listener, { cookies, requests, connections: CONNECTIONS }) }
}

async function logIn(listener: RequestListener): Promise<string> {
  const [, cookie] = /set-cookie: ([^;]*)/i.exec(await exchange(listener)) ?? []
  if (cookie === undefined) throw new Error('the login sets no cookie')
  return cookie
}

main()
