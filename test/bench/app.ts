import type { RequestListener } from 'node:http'
import { sign } from 'cookie-signature'
import type { SessionLibrary } from './libraries'
import { answer, type Request, type Scenario } from './scenarios'

export const SECRET = 'fTjWnZr4u7x!A%D*G-KaPdSgVkXp2s5v'

/** Creates the app of a scenario with a library's middleware and a filled store. */
export function createApp(library: SessionLibrary, scenario: Scenario) {
  const store = new library.MemoryStore()
  fillStore(library, store, scenario)
  const middleware = library({
    secret: SECRET,
    resave: false,
    saveUninitialized: false,
    store,
    ...scenario.options,
  })
  const listener: RequestListener = (req, res) => {
    middleware(req as never, res as never, (err: unknown) => {
      if (err) throw err
      scenario.handle(req as Request, res)
    })
  }
  return { store, listener }
}

/** The same app without a session middleware. */
export const bareApp: RequestListener = (_req, res) => answer(res)

/** Returns the Cookie headers of the clients that send requests, evenly chosen from all clients. */
export function createCookies(scenario: Scenario) {
  const { record, clients = 32, senders = Math.min(clients, 1_000) } = scenario
  if (!record) return [undefined]
  return Array.from({ length: senders }, (_, i) =>
    createCookie(clientId(Math.floor((i * clients) / senders)), scenario),
  )
}

/** Returns a session id of 32 characters, as both libraries generate them. */
export function clientId(client: number) {
  return String(client).padStart(32, 'aZ3-k_9Q')
}

function createCookie(sid: string, { forged, otherCookies = 30 }: Scenario) {
  const value = `s:${sign(sid, forged ? `not ${SECRET}` : SECRET)}`
  const others = Array.from({ length: otherCookies / 30 }, (_, i) => `_ga_${1000 + i}=GA1.1.18682.170000; `)
  return `${others.join('')}connect.sid=${encodeURIComponent(value)}; theme=dark`
}

function fillStore(
  library: SessionLibrary,
  store: InstanceType<SessionLibrary['MemoryStore']>,
  scenario: Scenario,
) {
  const { record, options, clients = 32 } = scenario
  if (!record) return
  const cookie = new library.Cookie(options?.cookie as never)
  for (let client = 0; client < clients; client++) store.set(clientId(client), { ...record, cookie } as never)
}
