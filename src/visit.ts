import type { ServerResponse } from 'node:http'
import { isMissing } from './ask-store'
import { Committer } from './commit'
import { debug, fingerprint } from './debug'
import { type Commit, holdResponse, type ResponseHooks } from './hold-response'
import type { IdCodec, SignedId } from './id-codec'
import { readIds } from './id-cookie'
import type { Settings } from './options'
import type { SessionRequest } from './request'
import type { RequestSession } from './request-session'
import { isSecure } from './secure'
import type { Done } from './types'

/** One request on its way: in, headers, end. */
export class Visit implements ResponseHooks {
  private readonly committer: Committer
  private sent: SignedId | undefined
  /** A fault has been told: the store and the cookie are left alone. */
  private hasFailed = false

  constructor(
    private readonly settings: Settings,
    private readonly codec: IdCodec,
    private readonly owner: RequestSession,
    private readonly req: SessionRequest,
    private readonly res: ServerResponse,
    readonly next: Done,
  ) {
    this.committer = new Committer(settings, owner, req)
  }

  enter(): void {
    const ids = readIds(this.req, this.settings.name, this.codec)
    holdResponse(this.res, this)
    if (ids[0]) this.identify(ids[0])
    else debug('no SID sent, generating session')
    this.load(ids, 0)
  }

  /** Asks the store for each id in turn, until it knows one. */
  private load(ids: SignedId[], index: number): void {
    const candidate = ids[index]
    if (!candidate) return this.owner.start(this.next)
    debug('fetching %s', fingerprint(candidate.id))
    this.owner.fetch(candidate.id, (err, record, snapshot) => {
      if (err && !isMissing(err)) return this.next(err)
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

  private identify(sent: SignedId): void {
    this.sent = sent
    this.req.sessionID = this.owner.tracker.cookieId = sent.id
  }

  /** The headers are about to be built. */
  onHeaders(): void {
    if (!this.hasFailed && this.wantsCookie()) this.setCookie()
  }

  private wantsCookie(): boolean {
    try {
      return this.committer.wantsCookie()
    } catch {
      // The commit meets the same fault, and then it is told.
      return false
    }
  }

  private setCookie(): void {
    const { owner, req, res, settings } = this
    if (owner.cookie.secure && !isSecure(req, settings.proxy)) return debug('not secured')
    this.committer.touch()
    const cookie = settings.setCookie.write(this.encode(req.sessionID as string), owner.cookie)
    const others = res.getHeader('Set-Cookie') ?? []
    res.setHeader('Set-Cookie', Array.isArray(others) ? [...others, cookie] : [String(others), cookie])
  }

  private encode(id: string): string {
    const { sent } = this
    return sent?.text && sent.id === id ? sent.text : this.codec.encode(id)
  }

  /** The body streams, and who sees its head may ask for the session; or the client has left before the end. */
  onEarly(): void {
    // Of a new session whose cookie never left nobody will ever ask.
    if (this.hasFailed || !(this.res.headersSent || this.owner.tracker.isStored)) return
    this.committer.saveEarly((err) => {
      this.hasFailed = true
      this.next(err)
    })
  }

  /** The response ends. */
  onEnd(): Commit | undefined {
    if (this.hasFailed) return undefined
    try {
      return this.committer.atEnd()
    } catch (err) {
      this.hasFailed = true
      throw err
    }
  }
}
