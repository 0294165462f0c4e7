import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import upstream from 'express-session'
import ours, { type Session, sessionsOf, updateSession } from '../../../src'
import type { SessionData, StoreLike } from '../../../src/types'
import { SETTINGS } from '../settings'

/** The first message of a process to its parent. */
export interface Member {
  port: number
}

type Data = Record<string, unknown>
type Req = IncomingMessage & { session: Session & Data }
type Route = (req: Req, query: URLSearchParams) => unknown

const userOf = (data: SessionData) => (data as { userId?: string }).userId
const isUpstream = process.env.SESSION_LIBRARY === 'express-session'
const session = (isUpstream ? upstream : ours) as typeof ours

const count = { tries: 0, writes: 0 }
let store: StoreLike

/** What a client can do. Each answer has the data of the session. */
const routes: Record<string, Route> = {
  login: async (req, query) => {
    await called((done) => req.session.regenerate(done))
    Object.assign(req.session, { userId: query.get('user') ?? 'ada', views: 0 })
  },
  show: () => {},
  /** Adds one in a way that is safe between processes, or in the only way that express-session has. */
  count: (req) => {
    const add = (data: Data) => {
      data.views = Number(data.views) + 1
    }
    return isUpstream ? add(req.session) : updateSession(req, (draft) => add(draft as Data))
  },
  /** Sets a key of its own; the end of the response merges it. */
  add: (req, query) => {
    req.session[query.get('key') ?? 'key'] = true
  },
  /** Changes the session after a moment, while others end it. */
  work: async (req, query) => {
    await new Promise((resolve) => setTimeout(resolve, Number(query.get('ms') ?? Math.random() * 5)))
    req.session.late = true
  },
  logout: (req) => called((done) => req.session.destroy(done)),
  renew: async (req) => {
    await called((done) => req.session.regenerate(done))
    req.session.renewed = true
  },
  list: (req, query) => sessionsOf(store, userOf).list(query.get('user') ?? 'ada', { req }),
  endOthers: (req, query) => sessionsOf(store, userOf).endAll(query.get('user') ?? 'ada', { except: req }),
  tries: () => count,
}

/** express-session gives no promises. */
function called(work: (done: (err: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => work((err) => (err ? reject(err) : resolve())))
}

async function main([module = '', options = '{}']: string[]) {
  store = countTries(await (await import(module)).openStore())
  const middleware = session({ ...SETTINGS, ...JSON.parse(options), store } as never)
  // A busy machine must not take a connection for idle.
  const server = createServer({ keepAliveTimeout: 600_000 }, (req, res) => {
    middleware(req as never, res as never, (err?: unknown) => {
      if (err) return fail(res, err)
      answer(req as Req, res).catch((fault) => fail(res, fault))
    })
  })
  // A connection that is closed while a client uses it again would be an error of the race.
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  process.send?.({ port } satisfies Member)
}

async function answer(req: Req, res: ServerResponse) {
  const url = new URL(req.url ?? '', 'http://localhost')
  const route = routes[url.pathname.slice(1)]
  if (!route) throw new Error(`no route ${url.pathname}`)
  const value = await route(req, url.searchParams)
  res.end(JSON.stringify(value ?? req.session ?? {}))
}

function fail(res: ServerResponse, err: unknown) {
  if (res.headersSent) return
  res.statusCode = 500
  const { code = '', stack = err } = err as NodeJS.ErrnoException
  res.end(`${code} ${stack}`)
}

function countTries(store: StoreLike): StoreLike {
  const { compareAndSet } = store
  if (!compareAndSet) return store
  const counting: NonNullable<StoreLike['compareAndSet']> = function (
    this: StoreLike,
    sid,
    data,
    loaded,
    done,
  ) {
    count.tries++
    return compareAndSet.call(this, sid, data, loaded, (err, outcome) => {
      if (outcome === true) count.writes++
      done(err, outcome)
    })
  }
  return Object.assign(store, { compareAndSet: counting })
}

// The processes end with their parent.
process.once('disconnect', () => process.exit())
main(process.argv.slice(2)).catch((err) => {
  console.error(err)
  process.exit(1)
})
