import type { SessionOptions } from '../../../src'
import { type Layer, serve } from '../../support/app'
import { readSetCookie, setCookies } from '../../support/cookies'
import type { SessionModule } from '../../support/implementations'
import { SETTINGS } from '../../support/settings'
import { createStore, type TestStore } from '../../support/store'

interface Visit {
  options?: Partial<SessionOptions>
  cookie?: string
  path?: string
  /** The stored records, by id. */
  records?: Record<string, object>
  store?: TestStore
}

/** Sends one request to an app with the session and the layers; returns the response, store calls and errors. */
export async function visit(session: SessionModule, visit: Visit, ...layers: Layer[]) {
  const { options, cookie, path = '/', records = {}, store = createStore(session) } = visit
  for (const [sid, record] of Object.entries(records)) store.put(sid, record)
  const app = serve(session({ ...SETTINGS, store, ...options }), ...layers)
  const res = await app.get(path, cookie)
  return {
    store,
    res,
    methods: store.methods(),
    text: res.text,
    errors: app.errors.map((error) => error.message),
    cookies: setCookies(res).length,
    cookie: readSetCookie(res),
  }
}
