import type { ServerResponse } from 'node:http'
import type { Cookie } from '../cookie/cookie'
import type { CookieData } from '../cookie/cookie-data'
import { checkCookieSize } from '../cookie/cookie-size'
import { isSecure } from '../cookie/incoming-request'
import { startOf } from '../cookie/record-cookie'
import { restoreCookie } from '../cookie/restore-cookie'
import { debug } from '../diagnostics/debug'
import type { Settings } from '../options/settings'
import { type Action, decideAction, type Facts } from '../policy/decide'
import { isHeadBuilt } from '../response/response-head'
import { OWNER, peekSession } from '../session/attach'
import type { RequestSession } from '../session/request-session'
import { closedError } from '../session/save-errors'
import type { SealedRecords } from '../store-guard/sealed-records'
import type { Commit, Done } from '../types'
import { clearCookie } from './clear-cookie'
import { Committer } from './commit'
import { addCookie } from './cookie-header'
import { addSessionCookie } from './send-cookie'

/**
 * The end of a request whose session is sealed in its cookie. All is done before the headers are built, since the cookie
 * is one of them: what the session holds then is sent, and a later change is an error.
 */
export class SealedCommitter extends Committer {
  /** The Set-Cookie value, once the session was sealed. */
  private line: string | undefined
  /** The id of the session that has the data of another library's cookie. */
  adopted: string | undefined
  private isPrepared = false
  /** The session could not be sealed when the headers were built, so the response must not be sent. */
  private failure: { err: unknown } | undefined
  override completesHead = true
  override mustSucceed = true
  readonly dropsStream = true

  constructor(
    owner: RequestSession,
    settings: Settings,
    readonly records: SealedRecords,
    res: ServerResponse,
    next: Done,
  ) {
    super(owner, settings, records, res, next)
    if (typeof res.end !== 'function') records.close('no response')
  }

  /** The response was not begun, so an error is passed to `next` instead of it. */
  override onEnd(): Commit | undefined {
    if (this.failure) throw this.failure.err
    if (this.hasFailed) return undefined
    if (isHeadBuilt(this.res)) return this.rejectLateChange()
    return super.onEnd()
  }

  override onHeaders(): boolean {
    if (!this.isPrepared && !this.hasFailed) this.prepareNow()
    this.records.close('headers sent')
    this.cookieFacts = this.hasFailed ? undefined : this.facts
    if (!this.hasFailed) {
      this.cookie = this.sendCookies()
      this.setCacheHeaders()
    }
    this.owner.head = this.line === undefined ? 'without cookie' : 'with cookie'
    return this.failure !== undefined
  }

  /** The session is in its cookie, so the cookie is set where another store would be written. */
  override mustSetCookie(facts: Facts): boolean {
    const { owner, records, settings } = this
    if (!facts.hasId || facts.isDestroyed) return false
    if (records.hasUnsent && records.isUnsent(owner.req.sessionID as string)) return true
    const action = decideAction(facts, settings)
    return action === 'save' || (action === 'touch' && this.isTouchNeeded())
  }

  /** Also after a `regenerate()` whose new session is empty. */
  override mustClearCookie(facts: Facts | undefined): boolean {
    const { sentId } = this.owner.tracker
    const hasEnded = sentId !== undefined && this.records.isDestroyed(sentId.id)
    return hasEnded && !(facts && this.mustSetCookie(facts))
  }

  override onStream(done: Done): void {
    done(this.failure?.err)
  }

  /** A cookie that was sealed before the error stays in the error handler's response: the session is nowhere else. */
  override onDiscard(): void {
    super.onDiscard()
    this.cookie = undefined
  }

  /** The client has what it got. */
  override onDisconnect(done: Done): void {
    done()
  }

  protected override perform(action: Action): Commit | undefined {
    const commit = super.perform(action === 'touch' && !this.isTouchNeeded() ? 'nothing' : action)
    this.completesHead = this.mustSucceed = true
    return commit ? this.prepareAfter(commit) : this.prepare()
  }

  /** The work is done at once, unless a method of the application takes part in it. */
  private prepareAfter(commit: Commit): Commit | undefined {
    const early: { answer?: { err: unknown } } = {}
    let onAnswer: Done = (err) => {
      early.answer = { err }
    }
    commit((err) => onAnswer(err))
    if (early.answer?.err) throw early.answer.err
    if (early.answer) return this.prepare()
    return (done) => {
      onAnswer = (err) => {
        if (err) return done(err)
        try {
          this.prepare()
        } catch (fault) {
          return done(fault)
        }
        done()
      }
      if (early.answer) onAnswer(early.answer.err)
    }
  }

  /** Without a need, an unchanged session is not sent again, so the browser keeps the cookie and its expiry. */
  private isTouchNeeded(): boolean {
    const { owner, settings, records } = this
    const { limits, rolling } = settings
    const hasNoStart = limits?.absolute !== undefined && startOf(owner.record?.cookie) === undefined
    return rolling || limits?.idle !== undefined || hasNoStart || records.isDue(owner.req.sessionID as string)
  }

  /** Seals the session, if the browser needs it. Throws if it is too large. */
  private prepare(): undefined {
    const { owner, records, settings } = this
    this.isPrepared = true
    // The id of a new session is not drawn for this: the session may hold nothing.
    if (!records.hasUnsent || owner.idState?.isDestroyed || owner.req[OWNER] !== owner) return
    const id = owner.req.sessionID as string
    if (!records.isUnsent(id)) return
    const cookie = this.cookieToSend(id)
    if (cookie.secure && !isSecure(owner.req, settings.proxy)) return debug('not secured') as undefined
    const line = settings.setCookie.write(records.encode(id), cookie)
    checkCookieSize(line.length, records.snapshotOf(id))
    this.line = line
  }

  /** After `req.session = null`, what was saved before is sent nevertheless. */
  private cookieToSend(id: string): Cookie {
    const { owner, records } = this
    if (peekSession(owner.req)) {
      owner.touch()
      return owner.cookie
    }
    const cookie = restoreCookie(records.cookieOf(id) as CookieData)
    owner.lifetime?.showBrowserExpiry(cookie)
    return cookie
  }

  /** The headers are built before the response ends: `res.write()`, `res.writeHead()` and streams. */
  private prepareNow(): void {
    try {
      this.perform(this.decide())?.((err) => this.noteFailure(err))
    } catch (err) {
      this.noteFailure(err)
    }
  }

  private noteFailure(err: unknown): void {
    if (!err) return
    this.failure = { err }
    this.hasFailed = true
  }

  private sendCookies(): string | undefined {
    const { owner, records, res, settings, line } = this
    if (line !== undefined) addSessionCookie(owner, res, settings, line)
    const { sentId } = owner.tracker
    if (sentId && records.isDestroyed(sentId.id)) owner.hasEnded = true
    const cookie = clearCookie(owner, res, settings, line)
    if (records.legacy && this.isLegacyOver()) {
      for (const expired of records.legacy.expire(owner.req)) addCookie(res, expired)
    }
    return cookie
  }

  /** The browser's cookie of another library is deleted once its session is in ours, or has ended. */
  private isLegacyOver(): boolean {
    const { owner, line, adopted } = this
    if (line !== undefined) return true
    if (adopted === undefined) return owner.isLoaded && owner.isInCharge
    if (!peekSession(owner.req) || owner.req.sessionID !== adopted) return true
    // The handler has removed all data, as some applications do at logout: the next request must not get it again.
    return this.facts?.change.isModified === false
  }

  private rejectLateChange(): undefined {
    const action = this.decide()
    this.mustSucceed = this.settings.failOnSaveError
    if (action === 'save' || action === 'destroy') throw closedError('headers sent')
  }
}
