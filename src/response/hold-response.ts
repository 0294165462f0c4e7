import type { ServerResponse } from 'node:http'
import type { Commit, Done } from '../types'
import { isAccepted, withoutChunk } from './body'
import { defer } from './defer'
import { freezeForGood } from './freeze'
import { awaitReplacement, discardHead } from './replace-response'
import { callNext, reportAfter, warn } from './report'
import { type EndArguments, isHeadBuilt, type ResponseHead } from './response-head'
import { watchHead } from './watch-head'

/** Called while a response is made. */
export interface ResponseHooks {
  /**
   * Called when the headers are about to be built: the last moment to add one. Returns whether the bytes of the response
   * must wait for `onStream`. An exception is passed to `next` after the response.
   */
  onHeaders(): boolean
  /** Called when the headers are built and the response goes on. Calls `done` when its bytes may be sent. */
  onStream(done: Done): void
  /** Called when the client has disconnected after the headers were sent and before the end. */
  onDisconnect(done: Done): void
  /**
   * Called when the response ends. Returns the work that must be done first, or undefined if there is none or if it is
   * done. An exception is passed to `next`, and the error handler's response is sent instead.
   */
  onEnd(): Commit | undefined
  /** The Set-Cookie value that `onHeaders` added. */
  readonly cookie: string | undefined
  /** The work that `onEnd` returned must be done before the headers are built. */
  readonly completesHead?: boolean
  readonly next: Done
}

/** Holds the end of a response, and everything that was not sent before, until the commit is done. */
export function holdResponse(res: ServerResponse, hooks: ResponseHooks): void {
  // A WebSocket upgrade passes an empty object as `res`.
  if (typeof res.end === 'function') new ResponseHold(res, hooks).arm()
}

class ResponseHold {
  /** `failed`: the error is about to be passed to `next`. `replaced`: the error handler makes the response. */
  private state: 'open' | 'held' | 'failed' | 'replaced' | 'ended' = 'open'
  private readonly head: ResponseHead
  private readonly end: (...args: EndArguments) => ServerResponse
  private isReported = false
  /** Calls of `end` while the first one is held. They are passed to Node after it, without their bodies. */
  private late: EndArguments[] | undefined

  constructor(
    private readonly res: ServerResponse,
    private readonly hooks: ResponseHooks,
  ) {
    this.end = res.end as (...args: EndArguments) => ServerResponse
    this.head = watchHead(
      res,
      () => this.onHeaders(),
      (err) => this.replace(err),
    )
  }

  arm(): void {
    const { res } = this
    res.end = ((...args: EndArguments) => this.onEnd(args)) as typeof res.end
  }

  private onHeaders(): void {
    let mustWait = false
    try {
      mustWait = this.hooks.onHeaders()
    } catch (err) {
      this.report(err)
    }
    if (this.state !== 'open') return
    if (mustWait) this.head.cork()
    // If `end` is called in the same tick, the commit is done there.
    process.nextTick(() => this.onStream())
  }

  private onStream(): void {
    if (this.state !== 'open') return
    if (!isHeadBuilt(this.res)) return this.head.uncork()
    this.res.on?.('close', () => {
      if (this.state === 'open') this.hooks.onDisconnect((err) => this.report(err))
    })
    this.hooks.onStream((err) => {
      this.report(err)
      this.head.uncork()
    })
  }

  private onEnd(args: EndArguments): ServerResponse {
    const { res } = this
    switch (this.state) {
      case 'open':
        this.onFirstEnd(args)
        return res
      case 'replaced':
        return this.pass(args)
      case 'ended':
        return this.end.apply(res, withoutChunk(args))
      default:
        this.late ??= []
        this.late.push(withoutChunk(args))
        return res
    }
  }

  private onFirstEnd(args: EndArguments): void {
    // Node throws its own error for such arguments, and the handler can still make another response.
    if (!isAccepted(this.res, args)) return void this.end.apply(this.res, args)
    let commit: Commit | undefined
    try {
      commit = this.hooks.onEnd()
    } catch (err) {
      if (isHeadBuilt(this.res)) this.release(args, err)
      else this.replace(err)
      return
    }
    if (commit) this.hold(commit, args)
    else this.pass(args)
  }

  private hold(commit: Commit, args: EndArguments): void {
    this.state = 'held'
    let isFrozen = false
    let early: { err: unknown } | undefined
    commit((err) => {
      if (isFrozen) this.release(args, err)
      else early = { err }
    })
    if (early && !(early as { err: unknown }).err) return this.finish(args)
    try {
      // A head is built at once only before Node's own `end`.
      this.head.freeze(args, this.hooks.completesHead ? undefined : this.end)
    } catch (err) {
      this.state = 'open'
      throw err
    }
    isFrozen = true
    if (early) this.release(args, (early as { err: unknown }).err)
  }

  /** The commit was done in the same tick, so the caller of `end` gets Node's errors. */
  private finish(args: EndArguments): void {
    this.state = 'open'
    this.head.uncork()
    this.pass(args)
    this.closeToWrites()
  }

  /** Sends the response whole, after a failed commit too. */
  private release(args: EndArguments, err?: unknown): void {
    const { late = [] } = this
    this.late = undefined
    try {
      this.head.thaw()
      this.report(err)
      this.head.uncork()
      this.pass(args)
      this.closeToWrites()
    } catch (fault) {
      return isHeadBuilt(this.res) ? defer(() => callNext(this.hooks.next, fault)) : this.replace(fault)
    }
    for (const rest of late) this.end.apply(this.res, rest)
  }

  /** Other middleware's `end` may go on later, and write. */
  private closeToWrites(): void {
    if (this.res.finished) freezeForGood(this.res)
  }

  private pass(args: EndArguments): ServerResponse {
    const isOpen = this.state === 'open'
    this.state = 'ended'
    try {
      return this.end.apply(this.res, args)
    } catch (err) {
      // Node could not build the head, so another response can still be made.
      if (!isHeadBuilt(this.res)) this.state = isOpen ? 'open' : 'replaced'
      throw err
    }
  }

  /** Passes the first error to `next`, after the response. */
  private report(err: unknown): void {
    if (!err || this.isReported) return
    this.isReported = true
    this.head.closeConnection()
    reportAfter(this.res, err, this.hooks.next)
  }

  /** Passes an error to `next` instead of the response. */
  private replace(err: unknown): void {
    const { res, hooks } = this
    this.state = 'failed'
    defer(() => {
      this.state = 'replaced'
      discardHead(res, hooks.cookie)
      awaitReplacement(
        res,
        () => hooks.next(err),
        () => this.sendBare(err),
      )
    })
  }

  /** Sends a response without content, if no error handler does. */
  private sendBare(err: unknown): void {
    warn(err)
    discardHead(this.res, this.hooks.cookie)
    this.pass([])
  }
}
