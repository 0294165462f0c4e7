import { expect, vi } from 'vitest'
import { type Layer, serve } from '../support/app'
import { cookieOf, readSetCookie, setCookies, sidOf } from '../support/cookies'
import type { SessionModule } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const MINUTE = 60_000
const NAVIGATE = { 'Sec-Fetch-Mode': 'navigate' }
const FETCH = { 'Sec-Fetch-Mode': 'cors' }

/** The middleware renews ids at navigations after 15 minutes, and 50 requests in flight do not log the browser out. */
export async function expectRenewal(session: SessionModule, renewId: Layer): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    await renewWhileRequestsRun(session, renewId)
  } finally {
    vi.useRealTimers()
  }
}

async function renewWhileRequestsRun(session: SessionModule, renewId: Layer): Promise<void> {
  const running: (() => void)[] = []
  const store = createStore(session)
  const app = serve(session({ ...SETTINGS, store }) as unknown as Layer, renewId, (req, res) => {
    if (req.url === '/login') Object.assign(req.session, { user: 'ada', idSince: Date.now() })
    const answer = () => res.end(req.session.user ?? 'unknown')
    if (req.url === '/slow') running.push(answer)
    else answer()
  })
  const old = cookieOf(await app.get('/login'))

  vi.setSystemTime(Date.now() + 14 * MINUTE)
  expect(setCookies(await app.get('/', old).set(NAVIGATE))).toEqual([])
  vi.setSystemTime(Date.now() + 2 * MINUTE)
  expect(setCookies(await app.get('/', old).set(FETCH))).toEqual([])
  expect(setCookies(await app.get('/', old))).toEqual([])

  const early = Array.from({ length: 25 }, () => app.get('/slow', old).set(FETCH).then())
  await vi.waitFor(() => expect(running).toHaveLength(25), { timeout: 20_000 })
  const renewed = await app.get('/', old).set(NAVIGATE)
  expect(renewed.text).toBe('ada')
  const late = Array.from({ length: 25 }, () => app.get('/', old).set(FETCH).then())
  for (const answer of running) answer()

  const [before, after] = [await Promise.all(early), await Promise.all(late)]
  expect([...before, ...after].flatMap((res) => setCookies(res))).toEqual([])
  expect(new Set(before.map(({ text }) => text))).toEqual(new Set(['ada']))
  expect(new Set(after.map(({ text }) => text))).toEqual(new Set(['unknown']))
  expect([...store.records.keys()]).toEqual([sidOf(renewed)])
  expect((await app.get('/', cookieOf(renewed))).text).toBe('ada')
  await expectOneRenewal(app, cookieOf(renewed))
}

/** Two tabs navigate at the same time: one gets the new cookie, both are answered for the user. */
async function expectOneRenewal(app: ReturnType<typeof serve>, cookie: string): Promise<void> {
  vi.setSystemTime(Date.now() + 16 * MINUTE)
  const tabs = await Promise.all([0, 1].map(() => app.get('/', cookie).set(NAVIGATE).then()))
  expect(tabs.map(({ status }) => status)).toEqual([200, 200])
  const [next] = tabs.flatMap((res) => readSetCookie(res)?.pair ?? [])
  expect((await app.get('/', next)).text).toBe('ada')
  expect(app.errors).toEqual([])
}

/** The lifetime that the program gives a session stays when the options change. */
export async function expectRemembered(session: SessionModule, logIn: Layer): Promise<void> {
  const store = createStore(session)
  const start = (maxAge: number, layer: Layer) =>
    serve(session({ ...SETTINGS, store, refreshCookie: true, cookie: { maxAge } }) as unknown as Layer, layer)
  const before = start(60 * MINUTE, logIn)
  const cookies = [cookieOf(await before.get('/')), cookieOf(await before.get('/?remember'))]
  const after = start(10 * MINUTE, (_req, res) => res.end())
  const sent = [await after.get('/', cookies[0]), await after.get('/', cookies[1])].map((res) =>
    setCookies(res),
  )
  expect(sent.map(({ length }) => length)).toEqual([1, 0])
  const lifetimes = [...store.records.keys()].map((sid) => store.record(sid).cookie.originalMaxAge)
  expect(lifetimes).toEqual([10 * MINUTE, 30 * 24 * 60 * MINUTE])
}
