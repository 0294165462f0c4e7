import type { SessionOptions } from '../../src'
import { express4Host, express5Host, type Host, type Layer, nodeHost } from './app'
import { ours, type SessionModule } from './implementations'
import { listen } from './listen'
import { headerValues, type RawResponse } from './raw-response'
import { SETTINGS } from './settings'
import { createStore } from './store'

/** The hosts with HTTP/1, whose responses a raw client can read. */
export const http1Hosts = [express5Host, express4Host, nodeHost]

interface Setup {
  host?: Host
  session?: SessionModule
  options?: Partial<SessionOptions>
  /** Middlewares before the session. */
  before?: Layer[]
}

/** Starts an app with the session middleware and a store that can hold calls and fail. */
export async function startSessionApp(setup: Setup, ...layers: Layer[]) {
  const { host = express5Host, session = ours, options, before = [] } = setup
  const store = createStore(session)
  const app = host.serve(...before, session({ ...SETTINGS, store, ...options }) as Layer, ...layers)
  return { store, server: app.server, errors: app.errors, port: await listen(app.server) }
}

/** Logs in, so that the session of this request must be saved. */
export const logIn: Layer = (req, _res, next) => {
  req.session.user = 'ada'
  next()
}

/** Returns the Cookie header line for a raw client's next request. */
export function sessionCookie(response: RawResponse): string {
  const [line = ''] = headerValues(response, 'set-cookie').filter((each) => each.startsWith('connect.sid='))
  return `Cookie: ${line.split(';')[0]}`
}
