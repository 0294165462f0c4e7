import { describe, expect, it } from 'vitest'
import { hashIds, MemoryStore, sessionsOf } from '../../src'
import type { StoreLike } from '../../src/types'
import { type Layer, nodeHost } from '../support/app'
import { cookieOf, sidOf } from '../support/cookies'
import { createGate } from '../support/gate'
import { ours } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const kinds: [name: string, create: () => StoreLike & { records?: Map<string, string> }][] = [
  ['a MemoryStore', () => new MemoryStore()],
  ['a store with callbacks', () => createStore() as never],
  ['a store with promises', promiseStore as never],
  ['a MemoryStore with migrate', () => new MemoryStore()],
]

describe.each(kinds)('hashIds around %s', (name, create) => {
  function start(more: Record<string, Layer> = {}, options: object = {}) {
    const inner = create()
    const store = hashIds(inner, { migrate: name.endsWith('migrate') })
    const routes: Record<string, Layer> = {
      '/login': async (req, res) => {
        await req.session.regenerate()
        req.session.user = 'ada'
        res.end()
      },
      '/': (req, res) => res.end(req.session.user ?? 'nobody'),
      '/logout': async (req, res) => {
        await req.session.destroy()
        res.end()
      },
      ...more,
    }
    const app = nodeHost.serve(ours({ ...SETTINGS, ...options, store } as never) as Layer, (req, res, next) =>
      routes[req.url ?? '']?.(req, res, next),
    )
    return { app, store, inner }
  }

  it('logs in, keeps the session, and logs out', async () => {
    const { app } = start()
    const cookie = cookieOf(await app.get('/login'))
    expect((await app.get('/', cookie)).text).toBe('ada')
    await app.get('/logout', cookie)
    expect((await app.get('/', cookie)).text).toBe('nobody')
    expect(app.errors).toEqual([])
  })

  it("gives the session for the id of the request by the store's get and load", async () => {
    const { app } = start({
      '/found': (req, res) => {
        req.sessionStore.get(req.sessionID, (_err, record) => {
          req.sessionStore.load(req.sessionID, (_fault, session) =>
            res.end(
              JSON.stringify([(record as { user?: string } | null)?.user, session?.id === req.sessionID]),
            ),
          )
        })
      },
    })
    const cookie = cookieOf(await app.get('/login'))
    expect((await app.get('/found', cookie)).text).toBe('["ada",true]')
  })

  it.each(['overwrite', 'merge'])(
    'does not bring a session back that the application destroys by its id, by saveMode %s',
    async (saveMode) => {
      const gate = createGate()
      const work: Layer = async (req, res) => {
        req.session.value = 'late'
        await new Promise<void>((resolve) => gate.enter(resolve))
        res.end()
      }
      const { app, store } = start({ '/work': work }, { saveMode })
      const login = await app.get('/login')
      const [cookie, sid] = [cookieOf(login), sidOf(login) as string]
      const working = app.get('/work', cookie).then()
      await gate.entered
      await new Promise<void>((resolve, reject) =>
        store.destroy(sid, (err) => (err ? reject(err) : resolve())),
      )
      gate.open()
      await working
      expect((await app.get('/', cookie)).text).toBe('nobody')
      expect(
        await new Promise((resolve) => store.get(sid, (_err, record) => resolve(record ?? null))),
      ).toBeNull()
    },
  )
})

it.each([
  ['a MemoryStore', () => new MemoryStore()],
  ['hashIds', () => hashIds(new MemoryStore())],
  ['a store with all()', () => Object.assign(createStore(), { all: allOf }) as never],
  ['hashIds around it', () => hashIds(Object.assign(createStore(), { all: allOf }) as never)],
] as [string, () => StoreLike][])(
  'sessionsOf on %s ends a session with a request in flight',
  async (_name, create) => {
    const store = create()
    const sessions = sessionsOf(store, (data) => (data as { user?: string }).user)
    const gate = createGate()
    const app = nodeHost.serve(ours({ ...SETTINGS, store } as never) as Layer, async (req, res) => {
      if (req.url === '/login') req.session.user = 'ada'
      if (req.url === '/work') {
        req.session.value = 'late'
        await new Promise<void>((resolve) => gate.enter(resolve))
      }
      if (req.url === '/others') await sessions.endAll('ada', { except: req })
      const list = await sessions.list('ada', { req })
      res.end(JSON.stringify(list.map(({ isCurrent }) => isCurrent)))
    })
    const [one, two] = [cookieOf(await app.get('/login')), cookieOf(await app.get('/login'))]
    const working = app.get('/work', two).then()
    await gate.entered
    expect((await app.get('/others', one)).text).toBe('[true]')
    gate.open()
    await working
    expect((await app.get('/', one)).text).toBe('[true]')
    expect((await app.get('/', two)).text).toBe('[false]')
  },
)

function allOf(this: { records: Map<string, string> }, done: (err: null, all: object) => void) {
  const entries = Array.from(this.records, ([sid, json]) => [sid, JSON.parse(json)])
  setImmediate(done, null, Object.fromEntries(entries))
}

function promiseStore() {
  const records = new Map<string, string>()
  return {
    records,
    get: async (sid: string) => JSON.parse(records.get(sid) ?? 'null'),
    set: async (sid: string, session: object) => void records.set(sid, JSON.stringify(session)),
    destroy: async (sid: string) => void records.delete(sid),
    touch: async () => {},
  }
}
