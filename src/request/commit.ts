import type { ServerResponse } from 'node:http'
import type { IdCodec } from '../cookie/id-codec'
import { type Action, decideAction, type Facts, mustSetCookie } from '../policy/decide'
import type { Commit, ResponseHooks } from '../response/hold-response'
import { peekSession } from '../session/attach'
import type { SessionOwner } from '../session/session-owner'
import { destroyRecord, saveRecord, touchRecord } from '../session/write-record'
import type { Done } from '../types'
import { sendCookie } from './send-cookie'

/** Ends a request: sets the cookie with the headers, and brings the store up to date before the response leaves. */
export class Committer implements ResponseHooks {
  /** What the last decision knew: the headers are decided by the same. */
  private facts: Facts | undefined
  private early: Promise<void> | undefined
  /** `next` was given an error: the store and the cookie are left alone. */
  private hasFailed = false
  /** It was saved early, and needs no touch any more. */
  private hasSaved = false

  constructor(
    private readonly owner: SessionOwner,
    private readonly codec: IdCodec,
    private readonly res: ServerResponse,
    readonly next: Done,
  ) {}

  /** The headers are about to be built. */
  onHeaders(): void {
    if (!this.hasFailed && this.wantsCookie()) sendCookie(this.owner, this.codec, this.res)
  }

  /** The body streams, and who sees its head may ask for the session; or the client has left before the end. */
  onEarly(): void {
    // Of a new session whose cookie never left nobody will ever ask.
    if (this.res.headersSent || this.owner.tracker.isStored) this.saveEarly()
  }

  /** The response ends: what must be done before it may leave. What can be done at once is done. */
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
      const { owner, facts = owner.facts() } = this
      // What was there at the end may have been removed while the response was held.
      return facts !== undefined && Boolean(peekSession(owner.req)) && mustSetCookie(facts, owner.settings)
    } catch {
      // The commit meets the same fault, and then it is told.
      return false
    }
  }

  /** Saves before the end comes, if there is something to save. */
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

  /** Decides and acts; with `only`, acts on that decision alone. */
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
    const { owner } = this
    owner.touchFirst()
    this.facts = owner.facts()
    return this.facts ? decideAction(this.facts, owner.settings) : 'nothing'
  }

  private perform(action: Action): Commit | undefined {
    const { owner } = this
    if (action === 'destroy') return destroyRecord(owner)
    // Where nothing is to be done the cookie may still be sent, with the expiry of now.
    if (action !== 'nothing' || this.facts?.change.isModified) this.touch()
    if (action === 'save') {
      this.hasSaved = true
      return saveRecord(owner)
    }
    return action === 'touch' && !this.hasSaved ? touchRecord(owner) : undefined
  }

  private touch(): void {
    this.owner.touch()
    if (this.facts) this.facts.hasExpiry = this.owner.cookie.expires != null
  }
}
