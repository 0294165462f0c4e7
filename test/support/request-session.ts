import { expect } from 'vitest'
import { resolveOptions } from '../../src/options/resolve-options'
import type { SessionOptions } from '../../src/options/session-options'
import { OWNER, type SessionRequest } from '../../src/session/attach'
import { RequestSession } from '../../src/session/request-session'
import { Session } from '../../src/session/session'
import { guardedStore } from '../../src/store-guard/guarded-store'
import { record } from './records'
import { SETTINGS } from './settings'
import { createStore } from './store'

export const UNCHANGED = { isModified: false, isLifetimeChanged: false }
/** The facts of an existing session that has not changed. */
export const THERE = {
  isDestroyed: false,
  isOutdated: false,
  hasId: true,
  hasSession: true,
  change: UNCHANGED,
}
/** The facts of a loaded session, which counts as saved. */
export const UNTOUCHED = { ...THERE, change: { ...UNCHANGED, wasSaved: true, isSaved: true } }

/** Returns the session of a request that sent the id 'a', before a record is loaded. */
export function prepared(options: Partial<SessionOptions> = {}, store = createStore()) {
  const settings = resolveOptions({ ...SETTINGS, store, ...options })
  const guarded = guardedStore(store)
  const req = { headers: {}, sessionStore: store } as unknown as SessionRequest
  const owner = new RequestSession(settings, guarded, req, settings.cookieFor(req))
  guarded.provideGenerate(() => owner.generate())
  req[OWNER] = owner
  owner.identify({ id: 'a', text: undefined })
  owner.idState = guarded.ids.join('a')
  return { store, req, owner }
}

export async function started(options?: Partial<SessionOptions>) {
  const parts = prepared(options)
  parts.owner.tracker.sentId = undefined
  await promised((done) => parts.owner.start(done))
  return parts
}

export function loaded(stored: object = record({ user: 'ada' })) {
  const parts = prepared()
  parts.owner.load(stored as never, undefined)
  expect(parts.req.session).toBeInstanceOf(Session)
  return parts
}

export function promised(work: (done: (err?: unknown) => void) => void) {
  return new Promise<void>((resolve, reject) => work((err) => (err ? reject(err) : resolve())))
}
