import { expect, vi } from 'vitest'
import { type Layer, type Next, type Req, serve } from '../support/app'
import { cookieOf, setCookies } from '../support/cookies'
import type { SessionModule } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const HOUR = 60 * 60_000
const DAY = 24 * HOUR

type Wrap = (sessions: Layer, log?: (line: string) => void) => Layer
type Listed = ReturnType<SessionModule['sessionsOf']>

/** Shows the user, and logs in at /login. */
const answer: Layer = (req, res) => {
  if (req.url === '/login') req.session.user = 'ada'
  res.end(req.session?.user ?? 'nobody')
}

/** Only requests that need a session reach the store. */
export async function expectNoSession(session: SessionModule, wrap: Wrap): Promise<void> {
  const store = createStore(session)
  const app = serve(wrap(layerOf(session, store)), (req, res) => {
    if (req.url === '/health' || req.url?.startsWith('/assets/')) res.end(String('session' in req))
    else answer(req, res, () => {})
  })
  const cookie = cookieOf(await app.get('/login'))
  store.calls.length = 0
  expect([(await app.get('/health', cookie)).text, (await app.get('/assets/a.js', cookie)).text]).toEqual([
    'false',
    'false',
  ])
  expect(store.calls).toEqual([])
  expect((await app.get('/', cookie)).text).toBe('ada')
}

/** Pages are answered while the store cannot be read; a save that fails is an error, and runs no handler again. */
export async function expectAway(session: SessionModule, wrap: Wrap): Promise<void> {
  const store = createStore(session)
  const lines: string[] = []
  const app = serve(
    wrap(layerOf(session, store), (line) => lines.push(line)),
    answer,
  )
  const cookie = cookieOf(await app.get('/login'))

  store.fail('get', new Error('ECONNREFUSED'))
  expect((await app.get('/', cookie)).text).toBe('nobody')
  expect([lines, app.errors]).toEqual([['no session: ECONNREFUSED'], []])

  store.fail('set', new Error('READONLY'))
  expect((await app.get('/login')).text).toBe('ada')
  await vi.waitFor(() => expect(app.errors.map(({ message }) => message)).toEqual(['READONLY']))
}

interface Limits {
  logIn(req: Req, user: string, remember: boolean): Promise<void>
  limit: Layer
}

/** A session ends after an hour, one that is remembered does not. */
export async function expectLimits(session: SessionModule, { logIn, limit }: Limits): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const sessions = session({
      ...SETTINGS,
      idleTimeout: 30 * DAY,
      absoluteTimeout: 90 * DAY,
    }) as unknown as Layer
    const app = serve(sessions, limit, async (req, res) => {
      if (req.url?.startsWith('/login')) await logIn(req, 'ada', req.url.includes('remember'))
      res.end(req.session.user ?? 'nobody')
    })
    const [short, used, long] = [
      await app.get('/login'),
      await app.get('/login'),
      await app.get('/login?remember'),
    ]
    expect(setCookies(short)[0]).not.toContain('Expires')
    expect(setCookies(long)[0]).toContain('Expires')
    const usersOf = async () =>
      Promise.all([short, used, long].map(async (login) => (await app.get('/', cookieOf(login))).text))

    vi.setSystemTime(Date.now() + 0.9 * HOUR)
    expect((await app.get('/', cookieOf(used))).text).toBe('ada')
    vi.setSystemTime(Date.now() + 0.2 * HOUR)
    expect(await usersOf()).toEqual(['nobody', 'ada', 'ada'])
    for (let hours = 0; hours < 24; hours += 0.9) {
      vi.setSystemTime(Date.now() + 0.9 * HOUR)
      await app.get('/', cookieOf(used))
    }
    expect(await usersOf()).toEqual(['nobody', 'nobody', 'ada'])
    expect(app.errors).toEqual([])
  } finally {
    vi.useRealTimers()
  }
}

/** A fourth login ends one of the others, and no session of another user. */
export async function expectMostSessions(
  session: SessionModule,
  create: (sessions: Listed) => (req: Req, user: string) => Promise<void>,
): Promise<void> {
  const { app, sessions } = listed(session, (listing) => {
    const logIn = create(listing)
    return (req) => logIn(req, req.url?.slice(1) ?? '')
  })
  const other = cookieOf(await app.get('/eve'))
  const cookies: string[] = []
  for (let count = 0; count < 5; count++) cookies.push(cookieOf(await app.get('/ada')))
  expect(await sessions.list('ada')).toHaveLength(3)
  expect((await app.get('/', cookies.at(-1))).text).toBe('ada')
  expect((await app.get('/', other)).text).toBe('eve')
}

/** The session of the request goes on under a new id, all others of the user end. */
export async function expectLogoutElsewhere(
  session: SessionModule,
  create: (sessions: Listed) => (req: Req) => Promise<number>,
): Promise<void> {
  const ended: number[] = []
  const { app, sessions } = listed(session, (listing) => {
    const endOthers = create(listing)
    return async (req) => {
      if (req.url === '/change') ended.push(await endOthers(req))
      else req.session.user = req.url?.slice(1) ?? ''
    }
  })
  const [mine, second, other] = [await app.get('/ada'), await app.get('/ada'), await app.get('/eve')].map(
    (res) => cookieOf(res),
  )
  const changed = cookieOf(await app.get('/change', mine))
  const users = await Promise.all(
    [changed, mine, second, other].map(async (it) => (await app.get('/', it)).text),
  )
  expect(users).toEqual(['ada', 'nobody', 'nobody', 'eve'])
  expect([ended, await sessions.list('ada')]).toMatchObject([[1], [{ isCurrent: false }]])
}

/** An app on a store whose sessions are listed by user; `act` runs at every path but `/`. */
function listed(session: SessionModule, create: (sessions: Listed) => (req: Req) => Promise<void>) {
  const store = new session.MemoryStore()
  const sessions = session.sessionsOf(store, (data) => (data as { user?: string }).user)
  const act = create(sessions)
  const app = serve(layerOf(session, store), async (req, res, next: Next) => {
    if (req.url !== '/') await act(req)
    answer(req, res, next)
  })
  return { app, sessions }
}

function layerOf(session: SessionModule, store: object): Layer {
  return session({ ...SETTINGS, store: store as never }) as unknown as Layer
}
