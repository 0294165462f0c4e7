import type { RequestListener } from 'node:http'
import { sign } from 'cookie-signature'
import type { SessionLibrary } from './libraries'
import { answer, type Request, type Scenario } from './scenarios'

export const SECRET = 'fTjWnZr4u7x!A%D*G-KaPdSgVkXp2s5v'

/** The application of a scenario with the middleware of a library, its store filled. */
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

/** The same application with no session at all. */
export const bareApp: RequestListener = (_req, res) => answer(res)

export function createCookies({ record, forged, clients = 32 }: Scenario) {
  if (!record) return [undefined]
  return Array.from({ length: clients }, (_, client) => createCookie(clientId(client), forged))
}

/** A session id of 32 characters, as both libraries make them. */
export function clientId(client: number) {
  return String(client).padStart(32, 'aZ3-k_9Q')
}

export function createCookie(sid: string, forged = false) {
  const value = `s:${sign(sid, forged ? `not ${SECRET}` : SECRET)}`
  return `_ga=GA1.1.1868271.1700000; connect.sid=${encodeURIComponent(value)}; theme=dark`
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
