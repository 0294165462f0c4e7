import { createServer, type Server } from 'node:http'
import type express from 'express'
import supertest from 'supertest'
import { expect, vi } from 'vitest'
import { collect, failuresOf } from '../store-suite/collect'
import { type Layer, serve } from '../support/app'
import { cookieOf, readSetCookie, signedCookie } from '../support/cookies'
import { countViews, show } from '../support/handlers'
import type { SessionModule } from '../support/implementations'
import { listen } from '../support/listen'
import { runTool } from '../support/package'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'
import { FakeRedis } from '../unit/stores/redis/fake-redis'
import { expectContinued, expectCookieApp, expectNotBefore } from './cookie-store'
import { listingPrograms } from './listing-programs'
import { expectExplained, expectMetrics, expectSpans } from './monitoring'
import type { Project } from './project'
import { expectRemembered, expectRenewal } from './recipes'
import { runNodeTests, runVitest } from './run-tests'
import { serveFile } from './serve-file'
import {
  expectAway,
  expectLimits,
  expectLogoutElsewhere,
  expectMostSessions,
  expectNoSession,
} from './session-recipes'

/** What each JavaScript block of the documentation must do, by the file name on its first line. */
export const programs: Record<string, (project: Project, path: string) => Promise<void>> = {
  ...listingPrograms,
  async 'counter.js'(project) {
    const server: Server = createServer(project.require('./counter.js'))
    const origin = `http://127.0.0.1:${await listen(server)}`
    const first = await fetch(origin)
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const views = await Promise.all(
      [1, 2, 3].map(async () => (await fetch(origin, { headers: { cookie } })).text()),
    )
    expect([await first.text(), ...views.sort()]).toEqual(['1', '2', '3', '4'])
  },
  'app.js': async (_project, path) => expectCounter(path),
  async 'map-store.js'(project) {
    const MapStore = project.require('./map-store.js')
    const app = serve(sessionOf(project)({ ...SETTINGS, store: new MapStore() }), countViews)
    const first = await app.get()
    const [line = ''] = [first.headers['set-cookie'] ?? []].flat()
    const second = await app.get('/', line.split(';')[0])
    expect([first.text, second.text]).toEqual(['1', '2'])
  },
  async 'get.js'(project) {
    for (const get of Object.values(project.require('./get.js'))) {
      const store = { get, set() {}, destroy() {} }
      const app = serve(sessionOf(project)({ ...SETTINGS, store: store as never }), showUser)
      expect((await app.get('/', signedCookie('a'))).text).toBe('"ada"')
    }
  },
  async 'timeouts.js'(project) {
    await expectTimeouts(project, './timeouts.js', 60, { Path: '/', HttpOnly: true })
  },
  async 'recommended.js'(project) {
    await expectTimeouts(project, './recommended.js', 30, { Path: '/', HttpOnly: true, SameSite: 'Lax' })
  },
  async 'time-left.js'(project) {
    const app = project.require('./time-left.js')
    const server = createServer(app)
    expect((await supertest(server).get('/time-left')).body).toEqual({ ends: null })
  },
  'timeout.js': (project) => expectTimeout(project.require('./timeout.js')),
  'redis-sessions.js': (project) => expectRedisSessions(project.require('./redis-sessions.js')),
  async 'map-store.test.js'(_project, path) {
    const { passed, failed } = runNodeTests(path)
    expect(failed).toBe(0)
    expect(passed).toBeGreaterThan(20)
  },
  async 'sql-store.js'(project) {
    const SqlStore = project.require('./sql-store.js')
    const create = () => new SqlStore(createTable())
    const { tests } = collect({ create, abilities: ['compareAndSet'] })
    expect(await failuresOf(tests)).toEqual(new Map())
  },
  async 'memory-store.spec.js'(project, path) {
    const { passed, failed } = runVitest(project.folder, path)
    expect(failed).toBe(0)
    expect(passed).toBeGreaterThan(30)
  },
  'explain.js': (project) => expectExplained(project.require('./explain.js')),
  'tracing.js': (project, path) => expectSpans(project, path),
  'metrics.js': (project) => expectMetrics(project, sessionOf(project)),
  'renew-id.js': (project) => expectRenewal(sessionOf(project), project.require('./renew-id.js')),
  'remember-me.js': (project) => expectRemembered(sessionOf(project), project.require('./remember-me.js')),
  'assets.js': (project) => expectNoSession(sessionOf(project), project.require('./assets.js')),
  'away.js': (project) => expectAway(sessionOf(project), project.require('./away.js')),
  'limits.js': (project) => expectLimits(sessionOf(project), project.require('./limits.js')),
  'most-sessions.js': (project) =>
    expectMostSessions(sessionOf(project), project.require('./most-sessions.js')),
  'password-change.js': (project) =>
    expectLogoutElsewhere(sessionOf(project), project.require('./password-change.js')),
  'cookie-app.js': (project) => expectCookieApp(project.require('./cookie-app.js')),
  'not-before.js': expectNotBefore,
  'continue-sessions.js': (project) => expectContinued(project.require('./continue-sessions.js')),
  async 'profile.test.js'(_project, path) {
    expect(runNodeTests(path)).toEqual({ passed: 2, failed: 0 })
  },
}

/** Sees that the middleware of a file ends a session after so many minutes without a request. */
async function expectTimeouts(project: Project, file: string, minutes: number, attributes: object) {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const app = serve(project.require(file), countViews)
    const first = await app.get()
    expect(readSetCookie(first)?.attributes).toEqual(attributes)
    const visit = async (passed: number) => {
      vi.setSystemTime(Date.now() + passed)
      return (await app.get('/', cookieOf(first))).text
    }
    const end = minutes * 60_000
    expect([await visit(end - 1), await visit(end - 1), await visit(end)]).toEqual(['2', '3', '1'])
  } finally {
    vi.useRealTimers()
  }
}

interface RedisSessions {
  createMiddleware(client: object): Layer
  requireSession: Layer
}

/** Counts visits with a client that has one method, and without a session while it has lost its connection. */
async function expectRedisSessions({ createMiddleware, requireSession }: RedisSessions) {
  const redis = new FakeRedis()
  const app = serve(createMiddleware(redis), requireSession, countViews)
  const first = await app.get()
  const second = await app.get('/', cookieOf(first))
  expect([first.text, second.text]).toEqual(['1', '2'])
  expect(redis.takeNames()).toEqual(['SET', 'GET', 'EVALSHA'])
  redis.emit('end')
  expect(await statusAndText(app.get('/', cookieOf(first)))).toEqual([503, 'Please try again in a minute.'])
}

/** Logs in while the store answers, fails, and does not answer within `storeTimeout`. */
async function expectTimeout({ createApp }: { createApp: (store: object) => express.Express }) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const store = createStore()
    const logIn = () => supertest(createApp(store)).post('/login')
    expect((await logIn()).headers.location).toBe('/')
    store.fail('set', new Error('down'))
    expect(await statusAndText(logIn())).toEqual([500, 'Something went wrong.'])
    const { called } = store.hold('set')
    const answer = statusAndText(logIn())
    await called
    vi.advanceTimersByTime(5000)
    expect(await answer).toEqual([503, 'Please try again in a minute.'])
  } finally {
    vi.useRealTimers()
  }
}

async function statusAndText(request: supertest.Test) {
  const { status, text } = await request
  return [status, text]
}

/** Returns a function that runs the statements of the example, in place of a database. */
function createTable() {
  const rows = new Map<string, { json: string; version: number }>()
  return async (sql: string, [first, second, third]: string[]) => {
    const [verb] = sql.split(' ')
    if (verb === 'UPDATE') {
      const row = rows.get(second as string)
      if (!row || row.version !== Number(third)) return []
      return [Object.assign(row, { json: first, version: row.version + 1 })]
    }
    const row = rows.get(first as string)
    if (verb === 'SELECT') return row ? [{ ...row }] : []
    if (verb === 'DELETE') return rows.delete(first as string) ? [row] : []
    if (row && !sql.includes('DO UPDATE')) return []
    const written = { json: second as string, version: (row?.version ?? -1) + 1 }
    rows.set(first as string, written)
    return [written]
  }
}

/** What the installed package exports, as an application of this project gets it. */
export function sessionOf(project: Project): SessionModule {
  return project.require('sessionware')
}

/** Starts the application, and sees that it counts the visits of one client. */
export async function expectCounter(path: string): Promise<void> {
  await serveFile(path, async (address) => {
    const first = await fetch(address)
    const [line = ''] = first.headers.getSetCookie()
    const second = await fetch(address, { headers: { cookie: line.split(';')[0] ?? '' } })
    expect(await first.text()).toBe('You were here 1 times.')
    expect(await second.text()).toBe('You were here 2 times.')
    expect(line).toMatch(/^connect\.sid=s%3A.+; Path=\/; Expires=.+; HttpOnly; SameSite=Lax$/)
  })
}

/** Compiles the TypeScript files of a project and returns the compiler's messages; empty if there are none. */
export function compile(project: Project, files: string[]): string {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    types: ['node'],
  }
  const config = project.write('tsconfig.json', JSON.stringify({ compilerOptions, files }))
  try {
    return runTool('tsc', ['-p', config])
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

/** Reads a stored session with this record at this time, and returns the session's `user` as JSON. */
export async function userOf(project: Project, record: string, now: Date): Promise<string> {
  const MapStore = project.require('./map-store.js')
  const store = new MapStore()
  store.records.set('a', record)
  vi.useFakeTimers({ toFake: ['Date'], now })
  try {
    const app = serve(sessionOf(project)({ ...SETTINGS, store }), showUser)
    return (await app.get('/', signedCookie('a'))).text
  } finally {
    vi.useRealTimers()
  }
}

const showUser = show((req) => req.session.user ?? null)
