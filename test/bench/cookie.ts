import { spawnSync } from 'node:child_process'
import type { RequestListener, ServerResponse } from 'node:http'
import { parseArgs } from 'node:util'
import cookieSession from 'cookie-session'
import { bareApp, SECRET } from './app'
import { drive, exchange, useExpressObjects } from './drive'
import { loadCookieStore, loadLibrary } from './libraries'
import { extraCost, measure, quick, thorough } from './measure'
import { answer, createRecord, type Request, read } from './scenarios'
import { table } from './table'

/** Measures the session in a cookie beside cookie-session 2: the CPU time that each adds to a request, in one run. */

const { values: args } = parseArgs({
  options: { quick: { type: 'boolean' }, objects: { type: 'string' }, only: { type: 'string', default: '' } },
})

const KINDS: Record<string, string> = { express: 'Express 5', http: 'bare node:http' }

/** The most that a request of Express may cost in comparison with cookie-session. */
const LIMIT = 0.7

interface Scenario {
  name: string
  /** The client has a session. */
  isKnown: boolean
  setsCookie: boolean
  ours(req: Request, res: Parameters<RequestListener>[1]): void
  theirs(req: Request, res: Parameters<RequestListener>[1]): void
}

const small = createRecord(0)

const scenarios: Scenario[] = [
  { name: 'read', isKnown: true, setsCookie: false, ours: read, theirs: read },
  { name: 'write', isKnown: true, setsCookie: true, ours: write, theirs: write },
  // The client has a session from the page with the form, for a CSRF token for example.
  { name: 'login', isKnown: true, setsCookie: true, ours: logIn, theirs: setUser },
  { name: 'anonymous', isKnown: false, setsCookie: false, ours: ignore, theirs: ignore },
]

function write(req: Request, res: Parameters<RequestListener>[1]) {
  req.session.views++
  answer(res)
}

function logIn(req: Request, res: Parameters<RequestListener>[1]) {
  req.session.regenerate((err: unknown) => {
    if (err) throw err
    req.session.user = newUser()
    answer(res)
  })
}

/** cookie-session has no `regenerate`. */
function setUser(req: Request, res: Parameters<RequestListener>[1]) {
  req.session.user = newUser()
  answer(res)
}

let logins = 0

/** Returns another user at each call: cookie-session sends no cookie if nothing has changed. */
function newUser() {
  return { ...small.user, since: ++logins }
}

function ignore(_req: Request, res: Parameters<RequestListener>[1]) {
  answer(res)
}

type Middleware = (req: never, res: never, next: (err?: unknown) => void) => void

function createOurs(): Middleware {
  const store = new (loadCookieStore())({ keys: [Buffer.alloc(32, SECRET)] })
  return loadLibrary('ours')({ store, cookie: { maxAge: 24 * 60 * 60 * 1000 } }) as never
}

function createTheirs(): Middleware {
  return cookieSession({ keys: [SECRET], maxAge: 24 * 60 * 60 * 1000 }) as never
}

function listenerOf(middleware: Middleware, handle: Scenario['ours']): RequestListener {
  return (req, res) =>
    middleware(req as never, res as never, (err) => {
      if (err) throw err
      handle(req as Request, res)
    })
}

/** Returns the Cookie header of a client whose session has the small record. */
async function cookieOf(middleware: Middleware): Promise<string> {
  const fill: Scenario['ours'] = (req, res) => {
    Object.assign(req.session, small)
    answer(res)
  }
  const response = await exchange(listenerOf(middleware, fill))
  const set = [...response.matchAll(/^set-cookie: (.+)/gim)].map(([, line]) => line as string)
  if (set.length === 0) throw new Error(`no cookie in\n${response}`)
  return cookieHeader(set)
}

/** Returns the Cookie header that a client sends after it has got these Set-Cookie values. */
function cookieHeader(set: string | string[]): string {
  const pairs = [set].flat().map((line) => line.slice(0, line.indexOf(';')))
  return `_ga_1000=GA1.1.18682.170000; ${pairs.join('; ')}; theme=dark`
}

const CONNECTIONS = 32

/** How many clients send requests, one after the other. */
const CLIENTS = 1_000

/**
 * One turn of the event loop serves one request of each connection, as a busy server does. Without an end of the turn, V8
 * would keep everything alive that a WeakRef has given out.
 */
async function driveInTurns(listener: RequestListener, cookies: (string | undefined)[], requests: number) {
  for (let sent = 0; sent < requests; sent += CONNECTIONS) {
    const from = sent % cookies.length
    const load = {
      cookies: cookies.slice(from, from + CONNECTIONS),
      requests: Math.min(requests - sent, CONNECTIONS),
      connections: CONNECTIONS,
      onResponse(res: ServerResponse, client: number) {
        const set = res.getHeader('set-cookie')
        if (set) cookies[from + client] = cookieHeader(set as string | string[])
      },
    }
    await drive(listener, load)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function createCandidate(
  name: string,
  middleware: Middleware,
  handle: Scenario['ours'],
  scenario: Scenario,
) {
  const listener = listenerOf(middleware, handle)
  const cookies: (string | undefined)[] = []
  while (scenario.isKnown && cookies.length < CLIENTS) cookies.push(await cookieOf(middleware))
  if (cookies.length === 0) cookies.push(undefined)
  const response = await exchange(listener, cookies[0])
  if (/^set-cookie:/im.test(response) !== scenario.setsCookie || !response.endsWith('\r\n\r\nok'))
    throw new Error(`${name}, ${scenario.name}: not the expected response:\n${response}`)
  return {
    name,
    run: (requests: number) => driveInTurns(listener, cookies, requests),
  }
}

async function measureScenario(scenario: Scenario, effort: typeof thorough) {
  const candidates = [
    { name: 'nothing', run: (requests: number) => driveInTurns(bareApp, [undefined], requests) },
    await createCandidate('theirs', createTheirs(), scenario.theirs, scenario),
    await createCandidate('ours', createOurs(), scenario.ours, scenario),
  ]
  const samples = await measure(candidates, { ...effort, fewest: CONNECTIONS })
  const [theirs, ours] = ['theirs', 'ours'].map((name) => extraCost(samples, name, 'nothing')) as [
    number,
    number,
  ]
  return { scenario: scenario.name, 'cookie-session µs': theirs, 'ours µs': ours, ratio: ours / theirs }
}

async function measureAll(objects: string) {
  if (objects === 'express') useExpressObjects()
  for (const scenario of scenarios)
    await measureScenario(scenario, { rounds: 1, warmUpRounds: 0, turn: 10_000 })
  const rows = []
  for (const scenario of scenarios.filter(({ name }) => name.includes(args.only)))
    rows.push(await measureScenario(scenario, args.quick ? quick : thorough))
  console.log(`Requests of ${KINDS[objects]}, Node ${process.version}\n\n${table(rows)}\n`)
  if (objects !== 'express') return
  const slow = rows.filter(({ scenario, ratio }) => scenario !== 'anonymous' && !(ratio <= LIMIT))
  if (slow.length > 0)
    throw new Error(`more than ${LIMIT}: ${slow.map(({ scenario }) => scenario).join(', ')}`)
}

/** Measures each kind in a process of its own, since V8 optimizes code worse after it has seen both. */
async function main() {
  const { objects } = args
  if (objects !== undefined) await measureAll(objects)
  else
    for (const kind of Object.keys(KINDS)) {
      const again = [...process.execArgv, __filename, ...process.argv.slice(2), '--objects', kind]
      const { status } = spawnSync(process.execPath, again, { stdio: 'inherit' })
      process.exitCode ||= status ?? 1
    }
}

main()
