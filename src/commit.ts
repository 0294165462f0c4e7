import { debug, fingerprint } from './debug'
import { type Action, decideAction, type Facts, mustSetCookie } from './decide'
import type { Commit } from './hold-response'
import type { Settings } from './options'
import type { SessionRequest } from './request'
import type { RequestSession } from './request-session'
import type { Session } from './session'
import type { Done } from './types'

/** Brings the store up to date with the session of a request: at the end of its response, and earlier if it streams. */
export class Committer {
  /** What was known when the end came: its headers are decided by the same. */
  private facts: Facts | undefined
  private early: Promise<void> | undefined

  constructor(
    private readonly settings: Settings,
    private readonly owner: RequestSession,
    private readonly req: SessionRequest,
  ) {}

  /** Whether the response sets the cookie. Throws where the session is no JSON. */
  wantsCookie(): boolean {
    const facts = this.facts ?? this.owner.facts()
    return facts !== undefined && mustSetCookie(facts, this.settings)
  }

  touch(): void {
    this.owner.touch()
    if (this.facts) this.facts.expires = this.owner.cookie.expires != null
  }

  /** What must be done before the end may leave; what can be done at once is done. */
  atEnd(): Commit | undefined {
    const { early } = this
    if (early) return (done) => void early.then(() => this.run(done))
    return this.work(this.decide())
  }

  /** Saves before the end comes, if there is something to save. */
  saveEarly(done: Done): void {
    const save = () =>
      new Promise<void>((resolve) => {
        this.run((err) => {
          if (err) done(err)
          resolve()
        }, 'save')
      })
    this.early = this.early ? this.early.then(save) : save()
  }

  /** Decides and does it, or only if it is this. */
  private run(done: Done, only?: Action): void {
    let commit: Commit | undefined
    try {
      const action = this.decide()
      if (!only || action === only) commit = this.work(action)
    } catch (err) {
      return done(err)
    }
    if (commit) commit(done)
    else done()
  }

  private decide(): Action {
    this.facts = this.owner.facts()
    return this.facts ? decideAction(this.facts, this.settings) : 'nothing'
  }

  private work(action: Action): Commit | undefined {
    switch (action) {
      case 'destroy':
        return this.destroy()
      case 'save':
        return this.save()
      case 'touch':
        return this.touchRecord()
      case 'nothing':
        // Its cookie may still be sent, with the expiry of now.
        if (this.facts?.isModified) this.touch()
        return undefined
    }
  }

  private destroy(): Commit {
    const id = this.req.sessionID as string
    debug('destroying %s', fingerprint(id))
    return (done) => this.owner.client.destroy(id, done)
  }

  private save(): Commit | undefined {
    this.touch()
    const { owner, req } = this
    const { client } = owner
    // Of a session that nobody looked at yet this makes the snapshot too.
    const session = req.session as Session
    const { snapshot } = owner
    debug('saving %s', fingerprint(session.id))
    if (client.setNow(session.id, session, snapshot as string)) {
      owner.saving(session, snapshot)
      return undefined
    }
    return (done) => {
      owner.saving(session, snapshot)
      client.set(session.id, session, done)
    }
  }

  private touchRecord(): Commit | undefined {
    const { owner, req } = this
    const { client } = owner
    if (!client.canTouch) return undefined
    this.touch()
    const id = req.sessionID as string
    debug('touching %s', fingerprint(id))
    if (client.touchNow(id, owner)) return undefined
    const session = req.session as Session
    return (done) => client.touch(id, session, done)
  }
}
