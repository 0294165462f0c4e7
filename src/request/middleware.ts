import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import type { CookieOptions } from '../cookie/cookie'
import { IdCodec } from '../cookie/id-codec'
import { isOnPath } from '../cookie/incoming-request'
import { readIds } from '../cookie/read-ids'
import { debug } from '../diagnostics/debug'
import type { Settings } from '../options/settings'
import { holdResponse } from '../response/hold-response'
import { attachOwner, OWNER, peekSession, type SessionRequest } from '../session/attach'
import { RequestSession } from '../session/request-session'
import { type GuardedStore, guardedStore } from '../store-guard/guarded-store'
import { withTimeLimit } from '../store-guard/layers/time-limit'
import type { SealedRecords } from '../store-guard/sealed-records'
import { Committer } from './commit'
import { useDictionaryMode } from './dictionary-mode'
import { rememberMiddleware } from './explain/explain-missing'
import { loadSealed } from './load-sealed'
import { loadSession } from './load-session'
import { Observer } from './observe/observer'
import { SealedCommitter } from './sealed-committer'

/** The session middleware, for Express and for everything that calls `(req, res, next)`. */
export type SessionHandler = RequestHandler & NodeHandler['handle']

/** A method, since TypeScript compares their parameters both ways: a handler for Express is a SessionHandler too. */
interface NodeHandler {
  handle(req: Loosely<IncomingMessage, Request>, res: Loosely<ServerResponse, Response>, next: Next): void
}

// biome-ignore lint/suspicious/noExplicitAny: Express's `next` takes any value.
type Next = (err?: any) => void

/** Node's object, with the properties of Express's that a function assigned to a SessionHandler may read. */
// biome-ignore lint/suspicious/noExplicitAny: the same function has Express's own types from RequestHandler.
type Loosely<Node, Express> = Node & Partial<Record<Exclude<keyof Express, keyof Node>, any>>

/** Makes the middleware: reads the ids, holds the response, loads the session. `commit.ts` ends the request. */
export function createMiddleware(settings: Settings): SessionHandler {
  const shared = guardedStore(settings.store)
  const store = withTimeLimit(shared, settings.storeTimeout)
  const observer = new Observer(settings)
  rememberMiddleware(settings, shared)
  shared.provideGenerate((req) => ownerOf(req, settings, store).generate())

  return function session(req: SessionRequest, res, next) {
    if (peekSession(req)) return next()
    if (!store.isConnected) {
      debug('store is disconnected')
      observer.noteDisconnected()
      return next()
    }
    let cookieOptions: CookieOptions
    let codec: IdCodec | SealedRecords | undefined
    try {
      cookieOptions = settings.cookieFor(req)
      codec = settings.openCookies ? settings.openCookies(req) : settings.codecFor(req)
    } catch (err) {
      return next(err)
    }
    if (!isOnPath(req, cookieOptions.path || '/')) {
      debug('pathname mismatch')
      observer.noteOffPath(req, res, cookieOptions.path as string, codec)
      return next()
    }
    if (!codec) return next(new Error('secret option required for sessions'))

    useDictionaryMode(req, 'statusMessage')
    useDictionaryMode(res, 'sendDate')
    const records = codec instanceof IdCodec ? undefined : codec
    const own = records ? store.viewOf(records.store) : store
    const observation = observer.begin(req, res)
    const owner = new RequestSession(settings, observation?.watch(own) ?? own, req, cookieOptions)
    try {
      attachOwner(req, owner)
    } catch (err) {
      return next(err)
    }
    const ids = readIds(req, settings.name, codec)
    if (observation) observer.noteIds(req, ids)
    const committer = records
      ? new SealedCommitter(owner, settings, records, res, next)
      : new Committer(owner, settings, codec, res, next)
    holdResponse(res, observation?.watchCommit(owner, committer) ?? committer)
    if (committer instanceof SealedCommitter) return loadSealed(owner, committer, ids, next)
    loadSession(owner, ids, next)
  }
}

/** Returns the session state for `store.generate(req)`: two middlewares may share a store, and each serves its requests. */
function ownerOf(req: SessionRequest, settings: Settings, store: GuardedStore): RequestSession {
  const owner = req[OWNER]
  if (owner instanceof RequestSession && owner.store.ids === store.ids) return owner
  return new RequestSession(settings, store, req, settings.cookieFor(req))
}
