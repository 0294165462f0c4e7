import type { ServerResponse } from 'node:http'
import type { CookieCodec } from '../cookie/cookie-codec'
import type { Settings } from '../options/settings'
import { type Action, type Change, decideAction, type Facts, mustSetCookie } from '../policy/decide'
import { isHeadBuilt } from '../response/response-head'
import type { ResponseHooks } from '../response/response-hooks'
import { waitForId } from '../session/adopt'
import { peekSession } from '../session/attach'
import type { Ending, RequestSession } from '../session/request-session'
import { type Session, savesByDefault } from '../session/session'
import { destroyRecord, saveRecord, touchRecord } from '../session/write-record'
import { isThenable } from '../store-guard/call-method'
import { once } from '../store-guard/call-store'
import type { Commit, Done } from '../types'
import { setCacheHeaders } from './cache-headers'
import { clearCookie, reportUncleared, willClear } from './clear-cookie'
import { collectFacts, touchByApplication } from './facts'
import { sendCookie } from './send-cookie'

/** The end of a request: sets the cookie with the headers, and updates the store before the response is sent. */
export class Committer implements ResponseHooks, Ending {
  /** The facts of the last decision. The cookie is decided by the same ones. */
  facts: Facts | undefined
  action: Action | undefined
  cookieFacts: Facts | undefined
  /** The saves that started before the end of the response. */
  private early: Promise<void> | undefined
  /** An error was passed to `next`: the store and the cookie are not changed any more. */
  hasFailed = false
  /** A session that was saved needs no touch. */
  private hasSaved = false
  /** The Set-Cookie value of the session. */
  cookie: string | undefined
  completesHead = false
  /** A handler has read the session. The commit may read it too, so this is noted before it. */
  private isRead: boolean | undefined
  /** An error of the commit must be passed to `next` instead of the response (`failOnSaveError`). */
  mustSucceed = false

  constructor(
    protected readonly owner: RequestSession,
    readonly settings: Settings,
    private readonly codec: CookieCodec,
    protected readonly res: ServerResponse,
    readonly next: Done,
  ) {
    owner.ending = this
  }

  /** Called when the headers are about to be built. The bytes wait for a save that the headers announce. */
  onHeaders(): boolean {
    this.owner.head = 'without cookie'
    const facts = this.hasFailed ? undefined : this.peekFacts()
    this.cookieFacts = facts
    const { owner, settings, res } = this
    if (facts && mustSetCookie(facts, settings, owner.cookie.expires != null)) {
      this.cookie = sendCookie(owner, this.codec, res, settings)
    }
    if (settings.clearCookie) this.cookie = clearCookie(owner, res, settings, this.cookie)
    this.setCacheHeaders()
    if (!facts) return false
    const { change, isSentId } = facts
    const isWaitedFor = isMoreThanResave(change) || !isSentId || settings.failOnSaveError
    return isWaitedFor && decideAction(facts, settings) === 'save'
  }

  /** The session may be gone meanwhile. */
  mustSetCookie(facts: Facts): boolean {
    const { owner, settings } = this
    const hasExpiry = owner.hasStarted && peekSession(owner.req) ? owner.cookie.expires != null : false
    return mustSetCookie(facts, settings, hasExpiry)
  }

  mustClearCookie(facts: Facts | undefined): boolean {
    return willClear(this.owner, this.settings, facts)
  }

  protected setCacheHeaders(): void {
    if (!this.settings.cacheControl) return
    const { owner, settings, res, cookie } = this
    setCacheHeaders(res, this.isRead ?? owner.isRead, cookie !== undefined, settings.reporter)
  }

  /** Called when the headers were built and the body is not complete: a changed session is saved now. */
  onStream(done: Done): void {
    this.queue(done, (action) => action === 'save')
  }

  /** Called when the client has disconnected in mid-stream: only what has changed since then is saved. */
  onDisconnect(done: Done): void {
    this.queue(done, (action, change) => action === 'save' && isMoreThanResave(change))
  }

  /** Called when the response ends. Returns the work it has to wait for, or undefined if there is none. */
  onEnd(): Commit | undefined {
    const { early } = this
    if (early) {
      this.completesHead = this.settings.failOnSaveError
      return (done) => void early.then(() => this.run(done, () => true))
    }
    if (this.hasFailed) return undefined
    try {
      const idWork = isHeadBuilt(this.res) ? undefined : waitForId(this.owner)
      if (idWork) return this.commitAfter(idWork)
      return this.perform(this.decide())
    } catch (err) {
      this.mustSucceed = this.settings.failOnSaveError
      this.hasFailed = true
      throw err
    }
  }

  /** Called when the response is discarded: the error handler's is neither committed, nor does it set the cookie. */
  onDiscard(): void {
    this.hasFailed = true
  }

  /** The headers are built after this work and the commit, since the cookie has the id. */
  private commitAfter(work: Commit): Commit {
    this.completesHead = true
    this.mustSucceed = this.settings.failOnSaveError
    return (done) => work((err) => (err ? done(err) : this.run(done, () => true)))
  }

  /** Returns the facts for the headers. After `onEnd` they are those of its decision. */
  private peekFacts(): Facts | undefined {
    try {
      const { owner, facts = collectFacts(owner) } = this
      // A handler may have removed the session while the response was held.
      return facts && peekSession(owner.req) && !owner.baseline?.isLost ? facts : undefined
    } catch {
      // The same error occurs in the commit, and is reported there.
      return undefined
    }
  }

  /** Runs saves one after the other. After an error, later changes are saved nevertheless. */
  private queue(done: Done, isWanted: Filter): void {
    const work = () =>
      new Promise<void>((resolve) => {
        this.run((err) => {
          try {
            done(err)
          } finally {
            resolve()
          }
        }, isWanted)
      })
    this.early = this.early ? this.early.then(work) : work()
  }

  /** Decides, and does what was decided if it is wanted. */
  private run(done: Done, isWanted: Filter): void {
    if (this.hasFailed) return done()
    let commit: Commit | undefined
    try {
      const action = this.decide()
      if (this.facts && isWanted(action, this.facts.change)) commit = this.perform(action)
    } catch (err) {
      this.mustSucceed = this.settings.failOnSaveError
      return done(err)
    }
    if (commit) commit(done)
    else done()
  }

  protected decide(): Action {
    touchByApplication(this.owner)
    this.facts = collectFacts(this.owner)
    if (this.settings.cacheControl) this.isRead ??= this.owner.isRead
    const action = this.facts ? decideAction(this.facts, this.settings) : 'nothing'
    this.action = action
    if (this.settings.clearCookie) reportUncleared(this.owner, this.res, action)
    return action
  }

  protected perform(action: Action): Commit | undefined {
    const { owner } = this
    if (this.settings.failOnSaveError) this.mustSucceed = this.completesHead = action !== 'touch'
    if (action === 'destroy') return destroyRecord(owner)
    // The cookie of a changed session is sent even if nothing is stored, so its expiry must start again.
    if (action !== 'nothing' || this.facts?.change.isModified) owner.touch()
    if (action === 'save') return this.save()
    if (action !== 'touch' || this.hasSaved) return undefined
    return owner.lacksMarks ? this.save() : touchRecord(owner, owner.cookie)
  }

  private save(): Commit | undefined {
    const { owner } = this
    this.hasSaved = true
    // Reading it makes a session that is pending, and its snapshot.
    const session = owner.req.session as Session
    const snapshot = owner.snapshot as string
    // The store may answer that the session was ended elsewhere. Then no cookie is sent.
    this.completesHead ||= this.settings.merges
    if (savesByDefault(session)) return saveRecord(owner, session, snapshot)
    owner.tracker.noteSave(session, snapshot)
    return (done) => saveByApplication(session, done)
  }
}

/** Returns whether a session that must be saved has changed since it was loaded or saved: `resave` also saves others. */
function isMoreThanResave({ wasSaved, isModified }: Readonly<Change>): boolean {
  return wasSaved || isModified
}

/** Tells whether to do what was decided. */
type Filter = (action: Action, change: Readonly<Change>) => boolean

/** Calls a `save` of the application, which replaces that of the Session class. */
function saveByApplication(session: Session, done: Done): void {
  const answer = once(done)
  try {
    const result: unknown = session.save(answer)
    if (isThenable(result)) result.then(undefined, answer)
  } catch (err) {
    answer(err)
  }
}
