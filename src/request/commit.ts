import type { ServerResponse } from 'node:http'
import type { IdCodec } from '../cookie/id-codec'
import type { Settings } from '../options/settings'
import { type Action, decideAction, type Facts, mustSetCookie } from '../policy/decide'
import type { ResponseHooks } from '../response/hold-response'
import { peekSession } from '../session/attach'
import type { RequestSession } from '../session/request-session'
import { type Session, savesByDefault } from '../session/session'
import { destroyRecord, saveRecord, touchRecord } from '../session/write-record'
import { once } from '../store-guard/call-store'
import type { Commit, Done } from '../types'
import { collectFacts, touchByApplication } from './facts'
import { sendCookie } from './send-cookie'

/** The end of a request: sets the cookie with the headers, and updates the store before the response is sent. */
export class Committer implements ResponseHooks {
  /** The facts of the last decision. The cookie is decided by the same ones. */
  private facts: Facts | undefined
  /** The saves that started before the end of the response. */
  private early: Promise<void> | undefined
  /** An error was passed to `next`: the store and the cookie are not changed any more. */
  private hasFailed = false
  /** A session that was saved needs no touch. */
  private hasSaved = false

  constructor(
    private readonly owner: RequestSession,
    private readonly settings: Settings,
    private readonly codec: IdCodec,
    private readonly res: ServerResponse,
    readonly next: Done,
  ) {}

  /** Called when the headers are about to be built. */
  onHeaders(): void {
    if (!this.hasFailed && this.wantsCookie()) sendCookie(this.owner, this.codec, this.res, this.settings)
  }

  /** Called when the headers were sent and the body is not complete, or when the client has disconnected. */
  onEarly(): void {
    // A new session whose cookie was not sent cannot be requested again, so it is not saved.
    if (this.res.headersSent || this.owner.tracker.isStored) this.saveEarly()
  }

  /** Called when the response ends. Returns the work it has to wait for; a store in this process has done it by then. */
  onEnd(): Commit | undefined {
    const { early } = this
    if (early) return (done) => void early.then(() => this.run(done))
    if (this.hasFailed) return undefined
    try {
      return this.perform(this.decide())
    } catch (err) {
      this.hasFailed = true
      throw err
    }
  }

  private wantsCookie(): boolean {
    try {
      const { owner, facts = collectFacts(owner) } = this
      // A handler may have removed the session while the response was held.
      if (!facts || !peekSession(owner.req)) return false
      return mustSetCookie(facts, this.settings, owner.cookie.expires != null)
    } catch {
      // The same error occurs in the commit, and is reported there.
      return false
    }
  }

  /** Saves a changed session before the response ends. */
  private saveEarly(): void {
    const save = () =>
      new Promise<void>((resolve) => {
        this.run((err) => {
          if (err) this.fail(err)
          resolve()
        }, 'save')
      })
    this.early = this.early ? this.early.then(save) : save()
  }

  private fail(err: unknown): void {
    this.hasFailed = true
    this.next(err)
  }

  /** Decides and does what was decided; with `only`, does nothing else than that action. */
  private run(done: Done, only?: Action): void {
    if (this.hasFailed) return done()
    let commit: Commit | undefined
    try {
      const action = this.decide()
      if (!only || action === only) commit = this.perform(action)
    } catch (err) {
      return done(err)
    }
    if (commit) commit(done)
    else done()
  }

  private decide(): Action {
    touchByApplication(this.owner)
    this.facts = collectFacts(this.owner)
    return this.facts ? decideAction(this.facts, this.settings) : 'nothing'
  }

  private perform(action: Action): Commit | undefined {
    const { owner } = this
    if (action === 'destroy') return destroyRecord(owner)
    // A changed session's cookie may be sent even if nothing is to be done, and its expiry starts now.
    if (action !== 'nothing' || this.facts?.change.isModified) owner.touch()
    if (action === 'save') return this.save()
    return action === 'touch' && !this.hasSaved ? touchRecord(owner, owner.cookie) : undefined
  }

  private save(): Commit | undefined {
    const { owner } = this
    this.hasSaved = true
    // Reading it makes a session that is pending, and its snapshot.
    const session = owner.req.session as Session
    const snapshot = owner.snapshot as string
    if (savesByDefault(session)) return saveRecord(owner, session, snapshot)
    owner.tracker.noteSave(session, snapshot)
    return (done) => saveByApplication(session, done)
  }
}

/** Calls a `save` that the application has put in the place of ours. */
function saveByApplication(session: Session, done: Done): void {
  try {
    session.save(once(done))
  } catch (err) {
    done(err)
  }
}
