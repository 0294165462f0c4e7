import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { SessionOptions } from '../../../src'
import type { Member } from './member'

/** What the processes of a test run. */
export interface ProcessSetup {
  /** How many processes. */
  count: number
  /** The path of a module that exports `openStore`, a function that returns a store or a promise of one. */
  store: string
  /** Environment variables for that module. */
  env?: Record<string, string>
  /** Options of the middleware beside the store. Default: `saveMode: 'merge'`. */
  options?: Partial<SessionOptions>
}

/** Calls of `compareAndSet`, and how many of them have written. */
export interface Tries {
  tries: number
  writes: number
}

/** Node processes that share the sessions of one database, as the machines behind a load balancer do. */
export interface Processes {
  count: number
  /** Visits a path of one process, counted from 0 and again from the first, and resolves to the answer. */
  visit(member: number, path: string, cookie?: string): Promise<Visit>
  tries(): Promise<Tries>
  /** Ends one process at once, as in a crash. */
  kill(member: number): Promise<void>
  close(): Promise<void>
}

export interface Visit {
  status: number
  cookie: string
  data: Record<string, unknown>
}

/** Starts the processes, and resolves when all of them listen. */
export async function startProcesses(setup: ProcessSetup): Promise<Processes> {
  const children = Array.from({ length: setup.count }, () => startMember(setup))
  const close = async () => {
    await Promise.all(children.map(stop))
  }
  let origins: string[]
  try {
    origins = await Promise.all(children.map(originOf))
  } catch (err) {
    await close()
    throw err
  }
  return {
    count: setup.count,
    visit: (member, path, cookie) => visit(`${origins[member % setup.count]}/${path}`, cookie),
    async tries() {
      const all = await Promise.all(origins.map(async (origin) => (await visit(`${origin}/tries`)).data))
      const sum = (name: keyof Tries) => all.reduce((total, tries) => total + Number(tries[name]), 0)
      return { tries: sum('tries'), writes: sum('writes') }
    },
    kill: (member) => stop(children[member] as ChildProcess),
    close,
  }
}

function startMember({ store, env, options = { saveMode: 'merge' } }: ProcessSetup): ChildProcess {
  return fork(join(__dirname, 'member.ts'), [store, JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '', NO_DEPRECATION: 'express-session', ...env },
  })
}

async function originOf(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the test has ended with code ${code}`)
  })
  const [{ port }] = (await Promise.race([once(child, 'message'), ended])) as [Member]
  ended.catch(() => {})
  return `http://127.0.0.1:${port}`
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function visit(url: string, cookie = ''): Promise<Visit> {
  const response = await fetch(url, { headers: cookie ? { cookie } : {} })
  const text = await response.text()
  const [line = ''] = response.headers.getSetCookie()
  const data = response.ok ? JSON.parse(text) : { error: text }
  return { status: response.status, cookie: line.split(';')[0] || cookie, data }
}
