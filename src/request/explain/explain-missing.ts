import { isOnPath } from '../../cookie/incoming-request'
import type { Settings } from '../../options/settings'
import type { SessionRequest } from '../../session/attach'
import type { GuardedStore } from '../../store-guard/guarded-store'
import { storeName } from '../../store-guard/store-name'
import type { SessionExplanation } from './explanation'

/** The middlewares that were made last, for requests that none of them has handled. */
const made: { settings: WeakRef<Settings>; store: WeakRef<GuardedStore> }[] = []

/** How many are remembered. */
const REMEMBERED = 20

/** Called once for each `session()`. */
export function rememberMiddleware(settings: Settings, store: GuardedStore): void {
  made.push({ settings: new WeakRef(settings), store: new WeakRef(store) })
  if (made.length > REMEMBERED) made.shift()
}

/** Explains why a request has no session of this package, from the settings of the last middlewares of this process. */
export function explainMissing(req: SessionRequest): SessionExplanation {
  const living = made.flatMap(({ settings, store }) => {
    const [known, guarded] = [settings.deref(), store.deref()]
    return known && guarded ? [{ settings: known, store: guarded }] : []
  })
  const away = living.find(({ store }) => !store.isConnected)
  const last = away ?? living.at(-1)
  const why = away ? DISCONNECTED : whyMissing(req, last?.settings)
  return {
    line: `no session: ${why}`,
    candidates: [],
    store: {
      name: last ? storeName(last.store.store) : 'no store',
      answer: away ? 'disconnected' : 'not asked',
      calls: [],
    },
    isNew: false,
    changed: [],
    action: 'nothing',
    why,
    cookie: { sent: false, why },
  }
}

const DISCONNECTED =
  'the store is disconnected, so requests get no session: they have one again after its "connect" event'

function whyMissing(req: SessionRequest, settings: Settings | undefined): string {
  if (!settings)
    return 'no session middleware was made: app.use(session({ secret })) before the routes that need it'
  const path = pathOf(req, settings)
  if (path !== undefined) {
    return `the cookie's path ${JSON.stringify(path)} does not cover the path of this request: set cookie.path to '/' or to a prefix of it`
  }
  return 'the session middleware has not run for this request: call app.use(session(...)) before this handler, and on a path that covers it'
}

/** Returns the cookie's path if it does not cover the request's. A function of the application may fail. */
function pathOf(req: SessionRequest, settings: Settings): string | undefined {
  try {
    const path = settings.cookieFor(req).path || '/'
    return isOnPath(req, path) ? undefined : path
  } catch {
    return undefined
  }
}
