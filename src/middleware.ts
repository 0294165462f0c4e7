import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CookieOptions } from './cookie'
import { debug } from './debug'
import { easeAdding } from './ease-adding'
import type { IdCodec } from './id-codec'
import type { Settings } from './options'
import { isOnPath } from './path'
import { OWNER, peekSession, type SessionRequest } from './request'
import { RequestSession } from './request-session'
import { clientOf, type StoreClient } from './store-client'
import { Visit } from './visit'

/** The middleware, for Express and for everything that calls `(req, res, next)`. */
// biome-ignore lint/suspicious/noExplicitAny: what Express gives as `next` takes anything.
export type SessionHandler = (req: IncomingMessage, res: ServerResponse, next: (err?: any) => void) => void

/** Makes the middleware: who is not concerned passes; for the others a `Visit` tells the rest. */
export function createMiddleware(settings: Settings): SessionHandler {
  const client = clientOf(settings.store)
  client.provideGenerate((req) => sessionOf(req, settings, client).generate())

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
    const owner = new RequestSession(settings, client, req, cookieOptions)
    req[OWNER] = owner
    new Visit(settings, codec, owner, req, res, next).enter()
  }
}

/** `store.generate` serves each request by the middleware that owns it, whichever shares the store. */
function sessionOf(req: SessionRequest, settings: Settings, client: StoreClient): RequestSession {
  const owner = req[OWNER]
  if (owner instanceof RequestSession && owner.client === client) return owner
  return new RequestSession(settings, client, req, settings.cookieFor(req))
}
