import { createServer } from 'node:http'
import supertest from 'supertest'
import { expect, onTestFinished } from 'vitest'
import { serve } from '../support/app'
import { cookieOf } from '../support/cookies'
import { countViews } from '../support/handlers'
import { listen } from '../support/listen'
import type { Project } from './project'

type Handler = Parameters<typeof createServer>[1]

/** What the JavaScript blocks about the sessions of a user, hashed ids and many processes must do. */
export const listingPrograms: Record<string, (project: Project) => Promise<void>> = {
  async 'my-sessions.js'(project) {
    const visit = await start(project.require('./my-sessions.js'))
    const [one, two] = [await visit('POST', '/login'), await visit('POST', '/login')].map(cookieFrom)
    const list = async () => (await visit('GET', '/sessions', one)).json() as Promise<Listed[]>
    const [mine, other] = await list()
    expect([mine?.isCurrent, other?.isCurrent, mine?.data?.userId]).toEqual([true, false, 'ada'])
    const end = await visit('POST', '/sessions/end', one, { handle: other?.handle ?? '' })
    expect(await end.json()).toEqual({ ended: true })
    expect((await visit('GET', '/sessions', two)).status).toBe(401)
    await visit('POST', '/login')
    expect(await (await visit('POST', '/sessions/end-others', one)).json()).toEqual({ ended: 1 })
    expect(await list()).toHaveLength(1)
  },
  async 'password.js'(project) {
    const visit = await start(project.require('./password.js'))
    const logIn = (password: string) => visit('POST', '/login', '', { password })
    const [one, two] = [await logIn('analytical engine'), await logIn('analytical engine')].map(cookieFrom)
    const change = (cookie: string | undefined) => visit('POST', '/password', cookie, { password: 'new' })
    expect(await (await change(one)).json()).toEqual({ ended: 1 })
    expect((await change(two)).status).toBe(401)
    expect((await change(one)).status).toBe(200)
    expect((await logIn('analytical engine')).status).toBe(401)
  },
  async 'at-most.js'(project) {
    const { makeRoom } = project.require('./at-most.js')
    const handles = ['a', 'b', 'c'].map((handle) => ({ handle }))
    const ended: string[] = []
    const sessions = {
      list: async () => handles,
      end: async (_user: string, handle: string) => ended.push(handle),
    }
    expect([await makeRoom(sessions, 'ada', 2), ended]).toEqual([2, ['b', 'c']])
    expect(await makeRoom(sessions, 'ada', 4)).toBe(0)
  },
  async 'hashed.js'(project) {
    const { app, store } = project.require('./hashed.js')
    const first = await supertest(app).get('/')
    const second = await supertest(app).get('/').set('Cookie', cookieOf(first))
    expect(second.body).toEqual({ views: 2 })
    const [key = ''] = Object.keys(store.store.sessions)
    expect(key).toMatch(/^sha256-[\w-]{43}$/)
    expect(store.keyOf(idIn(cookieOf(first)))).toBe(key)
  },
  async 'migrate.js'(project) {
    const { MemoryStore } = project.require('sessionware')
    const inner = new MemoryStore()
    inner.set('old', { user: 'ada', cookie: {} })
    const store = project.require('./migrate.js').migrate(inner)
    const record = await new Promise((resolve) =>
      store.get('old', (_err: unknown, found: unknown) => resolve(found)),
    )
    expect(record).toMatchObject({ user: 'ada' })
    expect(Object.keys(inner.sessions)).toEqual([store.keyOf('old')])
  },
  async 'postgres.js'(project) {
    const { Store } = project.require('sessionware')
    const queries: string[] = []
    class PgStore extends Store {
      get() {}
      set() {}
      destroy() {}
      quotedTable = () => '"session"'
      query(sql: string, _values: unknown[], done: (err: null, row: object) => void) {
        queries.push(sql)
        done(null, { found: null })
      }
    }
    const { middleware, sessions } = project.require('./postgres.js').makeSessions(PgStore, {})
    expect(typeof middleware).toBe('function')
    expect(await sessions.list('ada')).toEqual([])
    expect(queries.at(-1)).toContain("sess ->> 'userId' = $2")
  },
  async 'many.js'(project) {
    const { MemoryStore } = project.require('sessionware')
    const app = serve(project.require('./many.js').middleware(new MemoryStore()), countViews)
    const first = await app.get()
    expect((await app.get('/', cookieOf(first))).text).toBe('2')
  },
}

type Listed = { handle?: string; isCurrent?: boolean; data?: { userId?: string } }

async function start(app: Handler) {
  const server = createServer(app)
  const port = await listen(server)
  onTestFinished(() => void server.close())
  return (method: string, path: string, cookie = '', fields?: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: cookie ? { cookie } : {},
      redirect: 'manual',
      ...(fields && { body: new URLSearchParams(fields) }),
    })
}

function cookieFrom(response: Response): string | undefined {
  return response.headers.getSetCookie()[0]?.split(';')[0]
}

function idIn(cookie: string): string {
  const [, value = ''] = cookie.split('=')
  return decodeURIComponent(value).slice(2).split('.')[0] as string
}
