import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Layer, Req, Res } from '../support/app'
import { signedCookie } from '../support/cookies'
import { ours } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { type Data, diff, type Effect } from './effects'
import type { FuzzRequest, Program, Step } from './program'
import { afterTurns, hangs, World } from './world'

/** What a client and a handler have seen of a request. */
export interface Outcome {
  status: number | undefined
  /** The ids that the response sets. */
  cookies: string[]
  runs: number
  /** What the request has written to the session that it came with, in order. */
  effects: Effect[]
  /** The last error of the error handler. */
  error: unknown
  isStream: boolean
}

export interface Played {
  world: World
  outcomes: Outcome[]
  crashes: unknown[]
}

export const SID = 'the-session'
export const START = { a: 'start', b: 'start', counter: 0 }

/** Plays a program with servers of its own. A request that is not answered in time has the status undefined. */
export async function play(program: Program): Promise<Played> {
  const world = new World(program)
  const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: '/' }
  world.put(SID, program.oddRecord ?? JSON.stringify({ ...START, cookie }))
  const outcomes = program.requests.map(createOutcome)
  const crashes: unknown[] = []
  const note = (err: unknown) => void crashes.push(err)
  process.on('uncaughtException', note).on('unhandledRejection', note)
  const servers = await Promise.all(world.stores.map((store) => start(store, program, outcomes, world)))
  world.isCalm = false
  const patience = hangs(program.faults) ? 400 : 8000
  await Promise.all(
    program.requests.map((each, index) => send(each, index, servers, outcomes, world, patience)),
  )
  // Work that goes on after the response.
  await new Promise((resolve) => afterTurns(60, () => resolve(undefined)))
  await Promise.all(servers.map(stop))
  process.off('uncaughtException', note).off('unhandledRejection', note)
  return { world, outcomes, crashes }
}

function createOutcome(): Outcome {
  return { status: undefined, cookies: [], runs: 0, effects: [], error: undefined, isStream: false }
}

async function start(store: object, program: Program, outcomes: Outcome[], world: World): Promise<Server> {
  const session = ours({ ...SETTINGS, store: store as never, saveMode: 'merge' }) as unknown as Layer
  const server = createServer((req: IncomingMessage, res: ServerResponse) => {
    const index = Number((req.url ?? '').slice(1))
    const outcome = outcomes[index] as Outcome
    const fail = (err: unknown) => {
      outcome.error = err
      if (res.headersSent) return
      res.statusCode = 500
      res.end()
    }
    session(req as Req, res, (err) => {
      if (err) return fail(err)
      outcome.runs++
      run(program.requests[index] as FuzzRequest, req as Req, res, outcome, world).catch(fail)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function stop(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

const METHODS = new Set(['save', 'reload', 'regenerate', 'destroy'])

/** Runs the steps, and notes what they write to the session that the request came with. */
async function run({ steps }: FuzzRequest, req: Req, res: Res, outcome: Outcome, world: World) {
  const isOurs = () => req.sessionID === SID && Boolean(req.session)
  let base = isOurs() ? dataOf(req) : undefined
  const noteSave = () => {
    if (!base || !isOurs()) return
    const mine = dataOf(req)
    outcome.effects.push(diff(base, mine))
    base = mine
  }
  for (const step of steps) {
    if (!req.session) break
    // A plain object that was assigned has no methods before it is saved.
    if (METHODS.has(step.do) && typeof req.session.save !== 'function') continue
    if (step.do === 'save') await succeeds(req.session.save(), noteSave)
    if (step.do === 'update') {
      const before = base && isOurs() ? diff(base, dataOf(req)) : undefined
      const updated = ours.updateSession(req, (draft) => change(draft as unknown as Data, step))
      await succeeds(updated, () => {
        if (!before || !isOurs()) return
        const deleted = before.deleted.filter((key) => key !== step.key)
        outcome.effects.push({ set: { ...before.set, [step.key]: step.value }, deleted, adds: 1 })
        base = dataOf(req)
      })
    } else if (step.do === 'reload') {
      await succeeds(req.session.reload(), () => {
        if (base) base = dataOf(req)
      })
    } else if (step.do === 'stream') {
      outcome.isStream = true
      noteSave()
      res.write('x')
      await new Promise((resolve) => setImmediate(resolve))
    } else if (step.do === 'destroy' || step.do === 'regenerate') {
      const sid = req.sessionID
      if (await succeeds(req.session[step.do]())) world.ended.add(sid)
    } else await runSimple(step, req)
  }
  noteSave()
  res.end()
}

async function runSimple(step: Step, req: Req): Promise<void> {
  const data = req.session as unknown as Data
  if (step.do === 'set') data[step.key] = step.value
  if (step.do === 'delete') delete data[step.key]
  if (step.do === 'replace') req.session = { [step.key]: step.value } as never
  if (step.do === 'wait') await new Promise((resolve) => afterTurns(step.turns, () => resolve(undefined)))
  // A plain object has no methods yet.
  if (step.do === 'replace') await new Promise((resolve) => setImmediate(resolve))
}

async function change(draft: Data, step: { key: string; value: string }): Promise<void> {
  draft[step.key] = step.value
  await null
  draft.counter = Number(draft.counter ?? 0) + 1
}

async function succeeds(work: Promise<unknown> | undefined, then?: () => void): Promise<boolean> {
  try {
    await work
  } catch {
    return false
  }
  then?.()
  return true
}

function dataOf({ session }: Req): Data {
  const { cookie: _cookie, ...data } = JSON.parse(JSON.stringify(session))
  return data
}

function send(
  { process, delay, abort, noise }: FuzzRequest,
  index: number,
  servers: Server[],
  outcomes: Outcome[],
  world: World,
  patience: number,
): Promise<void> {
  const outcome = outcomes[index] as Outcome
  const { port } = (servers[process] as Server).address() as AddressInfo
  const cookie = noise === undefined ? signedCookie(SID) : `${noise}; ${signedCookie(SID)}`
  return new Promise((resolve) => {
    afterTurns(delay, () => {
      const client = request({ port, host: '127.0.0.1', path: `/${index}`, headers: { cookie } }, (res) => {
        outcome.status = res.statusCode
        outcome.cookies = (res.headers['set-cookie'] ?? []).map(idOf)
        for (const sid of outcome.cookies) if (world.read(sid) !== undefined) world.stored.add(sid)
        res.resume().on('close', resolve)
      })
      const timer = setTimeout(() => client.destroy(), patience)
      client.on('error', () => resolve()).on('close', () => clearTimeout(timer))
      if (abort !== undefined) afterTurns(abort, () => client.destroy())
      client.end()
    })
  })
}

/** Returns the id of a Set-Cookie line. */
function idOf(line: string): string {
  const value = decodeURIComponent(line.split(';')[0]?.split('=')[1] ?? '')
  return value.slice(2, value.lastIndexOf('.'))
}
