import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CookieOptions } from '../cookie/cookie'
import type { IdCodec } from '../cookie/id-codec'
import { isOnPath } from '../cookie/path'
import { readIds } from '../cookie/read-ids'
import { debug } from '../diagnostics/debug'
import type { Settings } from '../options/resolve-options'
import { holdResponse } from '../response/hold-response'
import { OWNER, peekSession, type SessionRequest } from '../session/attach'
import { SessionOwner } from '../session/session-owner'
import { clientOf, type StoreClient } from '../store-guard/guarded-store'
import { Committer } from './commit'
import { easeAdding } from './dictionary-mode'
import { loadSession } from './load-session'

/** The middleware, for Express and for everything that calls `(req, res, next)`. */
// biome-ignore lint/suspicious/noExplicitAny: what Express gives as `next` takes anything.
export type SessionHandler = (req: IncomingMessage, res: ServerResponse, next: (err?: any) => void) => void

/** Makes the middleware: one request, told in order. */
export function createMiddleware(settings: Settings): SessionHandler {
  const client = clientOf(settings.store)
  client.provideGenerate((req) => ownerOf(req, settings, client).generate())

  return function session(req: SessionRequest, res, next) {
    if (peekSession(req)) return next()
    if (!client.isReady) {
      debug('store is disconnected')
      return next()
    }
    let cookieOptions: CookieOptions
    let codec: IdCodec | undefined
    try {
      cookieOptions = settings.cookieFor(req)
      codec = settings.codecFor(req)
    } catch (err) {
      return next(err)
    }
    if (!isOnPath(req, cookieOptions.path || '/')) {
      debug('pathname mismatch')
      return next()
    }
    if (!codec) return next(new Error('secret option required for sessions'))

    easeAdding(req, 'statusMessage')
    easeAdding(res, 'sendDate')
    req.sessionStore = settings.store
    const owner = new SessionOwner(settings, client, req, cookieOptions)
    req[OWNER] = owner
    const ids = readIds(req, settings.name, codec)
    holdResponse(res, new Committer(owner, codec, res, next))
    loadSession(owner, ids, next)
  }
}

/** `store.generate` serves each request by the middleware that owns it, whichever shares the store. */
function ownerOf(req: SessionRequest, settings: Settings, client: StoreClient): SessionOwner {
  const owner = req[OWNER]
  if (owner instanceof SessionOwner && owner.client === client) return owner
  return new SessionOwner(settings, client, req, settings.cookieFor(req))
}
