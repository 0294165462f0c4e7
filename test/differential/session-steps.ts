import type { Req } from '../support/app'
import { describeError, type Journal } from './journal'
import type { Step } from './program'

/** Runs one step of the script on the request's session and writes the result to the journal. */
export async function runStep(step: Step, req: Req, journal: Journal): Promise<void> {
  if (step.do === 'look') return look(req, journal)
  if (!req.sessionStore || (!req.session && !step.do.startsWith('regenerate'))) return
  const change = changes[step.do]
  if (change) return change(req, step as never)
  const call = calls[step.do]
  if (!call) return
  const error = await call(req, step as never)
  journal.write`${step.do}: ${describeError(error)}`
}

type Change = (req: Req, step: never) => void
type Call = (req: Req, step: never) => Promise<unknown>
type StepOf<Name extends Step['do']> = Extract<Step, { do: Name }>
type StepWith<Detail extends string> = Extract<Step, Record<Detail, unknown>>

const dataOf = (req: Req) => req.session as unknown as Record<string, unknown>

const changes: Partial<Record<Step['do'], Change>> = {
  set: (req, { key, value }: StepWith<'key'> & StepWith<'value'>) => {
    dataOf(req)[key] = structuredClone(value)
  },
  'set the same': (req, { key }: StepWith<'key'>) => {
    const data = dataOf(req)
    if (key in data) data[key] = structuredClone(data[key])
  },
  delete: (req, { key }: StepWith<'key'>) => {
    delete dataOf(req)[key]
  },
  push: (req, { key }: StepWith<'key'>) => {
    const list = dataOf(req)[key]
    if (Array.isArray(list)) list.push(list.length)
  },
  maxAge: (req, { ms }: StepWith<'ms'>) => {
    req.session.cookie.maxAge = ms as number
    countChange(req)
  },
  expires: (req, { in: ms }: StepWith<'in'>) => {
    req.session.cookie.expires = new Date(Date.now() + ms)
    countChange(req)
  },
  httpOnly: (req, { value }: StepOf<'httpOnly'>) => {
    req.session.cookie.httpOnly = value
    countChange(req)
  },
  'save without callback': (req) => {
    req.session.save()
  },
  touch: (req) => {
    req.session.touch()
  },
  resetMaxAge: (req) => {
    req.session.resetMaxAge()
  },
  'assign null': (req) => {
    req.session = null as never
  },
  'delete session': (req) => {
    delete (req as Partial<Req>).session
  },
}

const calls: Partial<Record<Step['do'], Call>> = {
  save: (req) => answered((done) => req.session.save(done)),
  'save twice': async (req) => {
    await answered((done) => req.session.save(done))
    return answered((done) => req.session.save(done))
  },
  reload: (req) => answered((done) => req.session.reload(done)),
  regenerate,
  'regenerate and set': async (req, { key, value }: StepWith<'key'> & StepWith<'value'>) => {
    const error = await regenerate(req)
    dataOf(req)[key] = structuredClone(value)
    return error
  },
  destroy: (req) => answered((done) => req.session.destroy(done)),
}

function regenerate(req: Req) {
  return answered((done) =>
    req.session ? req.session.regenerate(done) : req.sessionStore.regenerate(req as never, done),
  )
}

/** Changes the data with each change of the cookie: the implementations differ when only the cookie changes. */
function countChange(req: Req) {
  const data = dataOf(req)
  data.cookieChanges = Number(data.cookieChanges ?? 0) + 1
}

function answered(call: (done: (error?: unknown) => void) => unknown): Promise<unknown> {
  return new Promise((resolve) => call(resolve))
}

function look({ session, sessionID }: Req, journal: Journal) {
  if (!session) return journal.write`look: no session, ${{ sid: sessionID }}`
  const { id, cookie } = session
  const times = `maxAge ${cookie.maxAge}, originalMaxAge ${cookie.originalMaxAge}, expires ${cookie.expires}`
  journal.write`look: ${{ sid: id }} ${{ sid: sessionID }} ${JSON.stringify(session)}, ${times}`
}
