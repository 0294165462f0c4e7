import type { ServerResponse } from 'node:http'
import type { Commit, Done } from '../types'
import { announcedLength, isAccepted, withoutChunk } from './body'
import { defer } from './defer'
import { AFTER_UNSENT_END, freeze, freezeForGood } from './freeze'
import { awaitReplacement, discardHead } from './replace-response'
import { callNext, reportAfter, warn } from './report'
import {
  type EndArguments,
  type ErrorReporter,
  isGone,
  isHeadBuilt,
  type ResponseHead,
} from './response-head'
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
  /** The error of the work that has just failed must be passed to `next` instead of the response. */
  readonly mustSucceed?: boolean
  /** Called when the response is discarded because of such an error. */
  onDiscard?(): void
  readonly next: Done
}

/** Holds the end of a response, and everything that was not sent before, until the commit is done. */
export function holdResponse(res: ServerResponse, hooks: ResponseHooks): void {
  // A WebSocket upgrade passes an empty object as `res`.
  if (typeof res.end === 'function') new ResponseHold(res, hooks).arm()
}

/** The state of one response, from the middleware to its end. */
class ResponseHold implements ErrorReporter {
  /**
   * `open`: `end` was not called. `held`: the commit is running. `dropped`: the response is discarded, and its end was not
   * called. `failed`: the error is about to be passed to `next`. `replaced`: the error handler makes the response. `ended`:
   * `end` was passed to Node. `cut`: the connection was ended instead.
   */
  private state: 'open' | 'held' | 'dropped' | 'failed' | 'replaced' | 'ended' | 'cut' = 'open'
  private readonly head: ResponseHead
  private readonly end: (...args: EndArguments) => ServerResponse
  private isReported = false
  /** Calls of `end` while the first one is held. They are passed to Node after it, without their bodies. */
  private late: EndArguments[] | undefined
  /** The error of a save that a stream depends on, until the stream ends. */
  private streamFailure: { err: unknown; unfreeze?: () => void } | undefined
  private readonly ownEnd: ServerResponse['end']

  constructor(
    private readonly res: ServerResponse,
    private readonly hooks: ResponseHooks,
  ) {
    this.end = res.end as (...args: EndArguments) => ServerResponse
    this.head = watchHead(res, () => this.onHeaders(), this)
    this.ownEnd = ((...args: EndArguments) => this.onEnd(args)) as typeof res.end
  }

  arm(): void {
    this.res.end = this.ownEnd
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
      this.closeStream()
    })
    this.hooks.onStream((err) => {
      if (err && this.hooks.mustSucceed) return this.failStream(err)
      this.report(err)
      this.head.uncork()
    })
  }

  /**
   * The response depends on a save that has failed before its end. If its length is announced, a client would not notice
   * that it is cut at its end: none of it is sent, and the error handler's response follows its end. Others are sent, since
   * they may never end.
   */
  private failStream(err: unknown): void {
    if (isGone(this.res)) return this.report(err)
    this.streamFailure = { err }
    // If `end` was called meanwhile, the commit goes on, and then this error is used.
    if (this.state !== 'open') return
    if (announcedLength(this.res) !== undefined && this.takeBack()) {
      this.state = 'dropped'
      this.streamFailure.unfreeze = freeze(this.res, AFTER_UNSENT_END)
    }
    this.head.uncork()
  }

  /** The client has disconnected, so no error handler can answer at the end of a stream that depends on a failed save. */
  private closeStream(): void {
    if (this.state === 'dropped') this.state = 'cut'
    else if (this.state !== 'open') return
    this.report(this.streamFailure?.err)
  }

  /** A middleware that has wrapped our `end` may have begun its own body (compression), which cannot be taken back. */
  private takeBack(): boolean {
    const { res, head } = this
    return (!isHeadBuilt(res) || res.end === this.ownEnd) && head.takeBack()
  }

  private onEnd(args: EndArguments): ServerResponse {
    const { res } = this
    switch (this.state) {
      case 'open':
        this.onFirstEnd(args)
        return res
      case 'dropped':
        this.streamFailure?.unfreeze?.()
        this.discard(args, this.streamFailure?.err)
        return res
      case 'replaced':
        this.callEnd(args)
        this.endAgain()
        return res
      case 'ended':
        return this.end.apply(res, withoutChunk(args))
      case 'cut':
        return res
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
      if (isHeadBuilt(this.res)) this.endAfterCommit(args, err)
      else this.replace(err)
      return
    }
    if (commit) this.hold(commit, args)
    else this.callEnd(args)
  }

  private hold(commit: Commit, args: EndArguments): void {
    this.state = 'held'
    const early: { answer?: { err: unknown } } = {}
    let onAnswer: Done = (err) => {
      early.answer = { err }
    }
    commit((err) => onAnswer(err))
    if (early.answer && !early.answer.err) return this.endAtOnce(args)
    try {
      this.head.freeze(args, this.end, !this.hooks.completesHead)
    } catch (err) {
      this.state = 'open'
      onAnswer = (fault) => this.report(fault)
      if (early.answer) onAnswer(early.answer.err)
      throw err
    }
    onAnswer = (err) => this.endAfterCommit(args, err)
    if (early.answer) onAnswer(early.answer.err)
  }

  /** The commit was done in the same tick, so the caller of `end` gets Node's errors. */
  private endAtOnce(args: EndArguments): void {
    this.state = 'open'
    this.callEnd(args)
    this.ignoreWrites()
  }

  /** Sends the response whole, after a failed commit too, unless it must not be sent then. */
  private endAfterCommit(args: EndArguments, err?: unknown): void {
    const { res } = this
    const failure = this.streamFailure?.err ?? (this.hooks.mustSucceed ? err : undefined)
    if (failure && !isGone(res)) return this.fail(args, failure)
    try {
      this.head.thaw()
      this.report(failure ?? err)
      this.callEnd(args)
      this.endAgain()
    } catch (fault) {
      if (isHeadBuilt(res)) defer(() => callNext(this.hooks.next, fault))
      else this.replace(fault)
    }
  }

  /** Passes on the calls of `end` that came while the first one was held. */
  private endAgain(): void {
    const { late = [] } = this
    this.late = undefined
    this.ignoreWrites()
    for (const rest of late) this.end.apply(this.res, rest)
  }

  /** The response must not be sent. */
  private fail(args: EndArguments, err: unknown): void {
    if (this.takeBack()) this.discard(args, err)
    else this.cut(err)
  }

  /** The error handler's response is sent instead. */
  private discard(args: EndArguments, err: unknown): void {
    this.hooks.onDiscard?.()
    this.head.uncork()
    this.late = [withoutChunk(args), ...(this.late ?? [])]
    this.replace(err)
  }

  /** A part of the response was sent: without its end the client notices that it is not complete. */
  private cut(err: unknown): void {
    this.state = 'cut'
    this.report(err)
    this.head.cut()
    freezeForGood(this.res)
  }

  /** Other middleware's `end` may go on later, and write. */
  private ignoreWrites(): void {
    if (this.res.finished) freezeForGood(this.res)
  }

  private callEnd(args: EndArguments): ServerResponse {
    const isOpen = this.state === 'open'
    this.state = 'ended'
    try {
      this.head.thaw()
      this.head.uncork()
      return this.end.apply(this.res, args)
    } catch (err) {
      // Node could not build the head, so another response can still be made.
      if (!isHeadBuilt(this.res)) this.state = isOpen ? 'open' : 'replaced'
      throw err
    }
  }

  /** Passes the first error to `next`, after the response. */
  report(err: unknown): void {
    if (!err || this.isReported) return
    this.isReported = true
    this.head.closeConnection()
    reportAfter(this.res, err, this.hooks.next)
  }

  /** Passes an error to `next` instead of the response. */
  replace(err: unknown): void {
    const { res, hooks } = this
    this.state = 'failed'
    const unfreeze = freeze(res, AFTER_UNSENT_END)
    defer(() => {
      unfreeze()
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
    if (this.state !== 'replaced') return
    warn(err)
    discardHead(this.res, this.hooks.cookie)
    this.callEnd([])
    this.endAgain()
  }
}
