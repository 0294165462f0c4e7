import type { KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CookieOptions } from './cookie'
import { debug, fingerprint } from './debug'
import { type Action, decideAction, type Facts, mustSetCookie } from './decide'
import { type Commit, holdResponse, type ResponseHooks } from './hold-response'
import { readIds, type SignedId, signId, writeId } from './id-cookie'
import { keysFromRequest } from './keys'
import type { Settings } from './options'
import { isOnPath, OWNER, peekSession, type SessionRequest } from './request'
import { RequestSession } from './request-session'
import { isSecure } from './secure'
import type { Session } from './session'
import { clientOf, type StoreClient } from './store-client'
import type { Done } from './types'

/** The middleware, for Express and for everything that calls `(req, res, next)`. */
// biome-ignore lint/suspicious/noExplicitAny: what Express gives as `next` takes anything.
export type SessionHandler = (req: IncomingMessage, res: ServerResponse, next: (err?: any) => void) => void

/** Makes the middleware. The guards are here; `Visit` tells the rest of a request from top to bottom. */
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
    let keys: readonly KeyObject[] | undefined
    try {
      cookieOptions = settings.cookieFor(req)
      keys = settings.keys ?? keysFromRequest(req.secret)
    } catch (err) {
      return next(err)
    }
    if (!isOnPath(req, cookieOptions.path || '/')) {
      debug('pathname mismatch')
      return next()
    }
    if (!keys) return next(new Error('secret option required for sessions'))

    req.sessionStore = settings.store
    const owner = new RequestSession(settings, client, req, cookieOptions)
    new Visit(settings, client, keys, owner, req, res, next).enter()
  }
}

/** `store.generate` serves each request by the middleware that owns it, whichever shares the store. */
function sessionOf(req: SessionRequest, settings: Settings, client: StoreClient): RequestSession {
  const owner = req[OWNER]
  if (owner instanceof RequestSession && owner.client === client) return owner
  return new RequestSession(settings, client, req, settings.cookieFor(req))
}

/** One request on its way: in, headers, end. */
class Visit implements ResponseHooks {
  private facts: Facts | undefined
  private sent: SignedId | undefined
  private early: Promise<void> | undefined
  /** A failure has decided the request: the store and the cookie are left alone. */
  private isOver = false

  constructor(
    private readonly settings: Settings,
    private readonly client: StoreClient,
    private readonly keys: readonly KeyObject[],
    private readonly owner: RequestSession,
    private readonly req: SessionRequest,
    private readonly res: ServerResponse,
    readonly next: Done,
  ) {}

  enter(): void {
    const ids = readIds(this.req, this.settings.name, this.keys)
    holdResponse(this.res, this)
    if (ids[0]) this.identify(ids[0])
    else debug('no SID sent, generating session')
    this.load(ids, 0)
  }

  /** Asks the store for each id in turn, until it knows one. */
  private load(ids: SignedId[], index: number): void {
    const candidate = ids[index]
    if (!candidate) return this.owner.start(this.next)
    const { id } = candidate
    debug('fetching %s', fingerprint(id))
    this.client.load(id, (err, record, snapshot) => {
      if (err && (err as { code?: unknown }).code !== 'ENOENT') return this.giveUp(err)
      if (!record) {
        debug('no session found')
        return this.load(ids, index + 1)
      }
      debug('session found')
      try {
        this.identify(candidate)
        this.owner.load(record, snapshot)
      } catch (fault) {
        return this.next(fault)
      }
      this.next()
    })
  }

  /** A session that could not be read must not pass for one that was unset. */
  private giveUp(err: unknown): void {
    this.isOver = true
    this.next(err)
  }

  private identify(sent: SignedId): void {
    this.sent = sent
    this.req.sessionID = this.owner.tracker.cookieId = sent.id
  }

  /** The headers are about to be built. */
  onHeaders(): void {
    if (this.isOver) return
    try {
      if (this.wantsCookie()) this.setCookie()
    } catch (err) {
      setImmediate(this.next, err)
    }
  }

  private wantsCookie(): boolean {
    let { facts } = this
    try {
      facts ??= this.owner.facts()
    } catch {
      // The commit meets the same fault, and then it is told.
      return false
    }
    return facts !== undefined && mustSetCookie(facts, this.settings)
  }

  private setCookie(): void {
    const { owner, req, res, settings } = this
    if (owner.touchable.cookie.secure && !isSecure(req, settings.proxy)) return debug('not secured')
    this.touch()
    const cookie = writeId(settings.name, this.sign(req.sessionID as string), owner.touchable.cookie)
    const others = res.getHeader('Set-Cookie') ?? []
    res.setHeader('Set-Cookie', Array.isArray(others) ? [...others, cookie] : [String(others), cookie])
  }

  private sign(id: string): string {
    const { sent } = this
    if (sent?.signed && sent.id === id) return sent.signed
    return signId(id, this.keys[0] as KeyObject)
  }

  /** The body streams: who sees its head may ask for the session before the end. */
  onStream(): void {
    // The end meets the same fault, in time to tell it.
    this.saveEarly(() => {})
  }

  /** The client has left, and the end may never come. */
  onClose(): void {
    this.saveEarly(this.next)
  }

  private saveEarly(onFault: Done): void {
    // Of a new session whose cookie never left, nobody will ever ask.
    if (!this.res.headersSent && !this.owner.tracker.isStored) return
    const save = () =>
      new Promise<void>((resolve) => {
        try {
          if (this.decide() !== 'save') return resolve()
          const commit = this.prepare('save')
          if (!commit) return resolve()
          commit((err) => {
            if (err) this.next(err)
            resolve()
          })
        } catch (err) {
          onFault(err)
          resolve()
        }
      })
    this.early = this.early ? this.early.then(save) : save()
  }

  /** The response ends. */
  onEnd(): Commit | undefined {
    const { early } = this
    if (early) return (done) => void early.then(() => this.commit(done))
    try {
      return this.prepare(this.decide())
    } catch (err) {
      this.isOver = true
      throw err
    }
  }

  /** Commits what changed since the early commit. */
  private commit(done: Done): void {
    let rest: Commit | undefined
    try {
      rest = this.prepare(this.decide())
    } catch (err) {
      return done(err)
    }
    rest ? rest(done) : done()
  }

  private decide(): Action {
    if (this.isOver) return 'nothing'
    this.facts = this.owner.facts()
    return this.facts ? decideAction(this.facts, this.settings) : 'nothing'
  }

  /** Does what can be done at once, and gives what takes time. */
  private prepare(action: Action): Commit | undefined {
    const { client, owner, req } = this
    switch (action) {
      case 'destroy': {
        const id = req.sessionID as string
        debug('destroying %s', fingerprint(id))
        return (done) => client.destroy(id, done)
      }
      case 'save': {
        this.touch()
        const session = req.session as Session
        const { snapshot } = owner
        debug('saving %s', fingerprint(session.id))
        owner.saving(session, snapshot)
        if (client.setNow(session.id, session, snapshot as string)) return undefined
        return (done) => client.set(session.id, session, done)
      }
      case 'touch': {
        if (!client.canTouch) return undefined
        this.touch()
        const id = req.sessionID as string
        debug('touching %s', fingerprint(id))
        if (client.touchNow(id, owner.touchable)) return undefined
        const session = req.session as Session
        return (done) => client.touch(id, session, done)
      }
      case 'nothing':
        // Its cookie may still be sent, with the expiry of now.
        if (this.facts?.isModified) this.touch()
        return undefined
    }
  }

  private touch(): void {
    this.owner.touch()
    if (this.facts) this.facts.expires = this.owner.touchable.cookie.expires != null
  }
}
