import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MiddlewareOptions } from '../../src'
import type { SessionLibrary } from './libraries'

type Options = Partial<NonNullable<Parameters<SessionLibrary>[0]>>

// biome-ignore lint/suspicious/noExplicitAny: the scenarios keep data of any shape in the session
export type Request = IncomingMessage & { session: any }

export type Primitive = 'hmac' | 'parse' | 'stringify'

export interface Scenario {
  name: string
  /** The stored record of each client; without it the clients send no cookie. */
  record?: object
  options?: Options
  handle(req: Request, res: ServerResponse): void
  /** The primitives that every implementation needs. */
  floor: Primitive[]
  /** Whether the response sets the session cookie, and whether the record is written; default false. */
  expect?: { cookie?: boolean; write?: boolean }
  forged?: boolean
  /** Bytes of other cookies before the session's; default 30. */
  otherCookies?: number
  /** How many clients there are; default 32. */
  clients?: number
  /** How many of them send requests; default all, up to a thousand. */
  senders?: number
  /** How many requests run at the same time; default 32. */
  connections?: number
}

const MINUTE = 60 * 1000
const DAY = 24 * 60 * MINUTE
/** An option that express-session ignores. */
const MERGE: Options = { saveMode: 'merge' } satisfies Partial<MiddlewareOptions> as Options
const small = createRecord(0)
const kilobytes20 = createRecord(20_000)
const megabyte = createRecord(1_000_000)

export const scenarios: Scenario[] = [
  { name: 'anonymous', handle: ignore, floor: [] },
  { name: 'session looked at', handle: read, floor: [] },
  { name: 'forged cookie', record: small, forged: true, handle: ignore, floor: ['hmac'] },
  { name: 'read', record: small, ...reading() },
  { name: 'read, with timeouts', record: small, ...reading(), options: timeouts(MINUTE) },
  { name: 'read, with timeouts, touched', record: small, ...reading(), options: timeouts(0) },
  // So many clients that the cookie of none is still in the cache of verified cookies.
  { name: 'read, not seen lately', record: small, ...reading(), clients: 20_000, senders: 20_000 },
  { name: 'logged in, not looked at', record: small, handle: ignore, floor: ['hmac'] },
  { name: 'write', record: small, ...writing() },
  // To be compared with 'read' and 'write'.
  { name: 'read, with merge', record: small, ...reading(), options: MERGE },
  { name: 'write, with merge', record: small, ...writing(), options: MERGE },
  {
    name: 'rolling',
    record: small,
    ...reading(),
    options: { rolling: true, cookie: { maxAge: DAY } },
    expect: { cookie: true },
  },
  { name: 'login', handle: login, floor: ['hmac', 'stringify'], expect: { cookie: true, write: true } },
  { name: 'read 20 kB', record: kilobytes20, ...reading() },
  { name: 'write 20 kB', record: kilobytes20, ...writing() },
  { name: 'read 1 MB', record: megabyte, ...reading(), clients: 4 },
  { name: 'write 1 MB', record: megabyte, ...writing(), clients: 4 },
]

/** Returns a session's data: a user, and the given number of bytes in objects with strings and numbers. */
export function createRecord(bytes: number) {
  const user = { id: 4711, name: 'Ada Lovelace', email: 'ada@example.com', roles: ['admin', 'editor'] }
  const record = { user, views: 1, csrf: 'bPJFVKJxVhQ7ZbKQ9mRw', items: [] as object[] }
  const item = { sku: 'KX-2041-77', title: 'Analytical engine, second edition', price: 129.5, count: 2 }
  const each = JSON.stringify(item).length + 1
  while (record.items.length * each < bytes) record.items.push({ ...item })
  return record
}

/** Answers with the headers that Express's `res.send` sets. */
export function answer(res: ServerResponse) {
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.setHeader('Content-Length', 2)
  res.end('ok')
}

export function read(req: Request, res: ServerResponse) {
  if (req.session.user === null) throw new Error('a session with a broken user')
  answer(res)
}

function reading(): Pick<Scenario, 'handle' | 'floor'> {
  return { handle: read, floor: ['hmac', 'parse', 'stringify'] }
}

export function writing(): Pick<Scenario, 'handle' | 'floor' | 'expect'> {
  return { handle: write, floor: ['hmac', 'parse', 'stringify'], expect: { write: true } }
}

/** Options that express-session ignores. The cost is to be compared with that of 'read'. */
function timeouts(touchAfter: number): Options {
  return { idleTimeout: DAY / 24, absoluteTimeout: DAY, touchAfter } satisfies Partial<MiddlewareOptions>
}

function ignore(_req: Request, res: ServerResponse) {
  answer(res)
}

function write(req: Request, res: ServerResponse) {
  req.session.views++
  answer(res)
}

function login(req: Request, res: ServerResponse) {
  req.session.regenerate((err: unknown) => {
    if (err) throw err
    req.session.user = small.user
    answer(res)
  })
}
