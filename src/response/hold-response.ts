import type { ServerResponse } from 'node:http'
import type { Commit, Done } from '../types'
import { isAccepted, withoutChunk } from './body'
import { defer } from './defer'
import { discard, failResponse, replace } from './discard-response'
import type { HeldResponse } from './held-response'
import { holdStream } from './hold-stream'
import { ignoreWrites, passEnd, passLateEnds } from './pass-end'
import { callNext, reportAfter } from './report'
import { type EndArguments, isGone, isHeadBuilt, type ResponseHead } from './response-head'
import type { ResponseHooks } from './response-hooks'
import { watchHead } from './watch-head'

/** Holds the end of a response, and everything that was not sent before, until the commit is done. */
export function holdResponse(res: ServerResponse, hooks: ResponseHooks): void {
  // A WebSocket upgrade passes an empty object as `res`.
  if (typeof res.end === 'function') new ResponseHold(res, hooks).arm()
}

/** The end of one response. What a stream, and a response that must not be sent, need is in files of their own. */
class ResponseHold implements HeldResponse {
  state: HeldResponse['state'] = 'open'
  readonly head: ResponseHead
  readonly end: HeldResponse['end']
  private isReported = false
  late: HeldResponse['late']
  streamFailure: HeldResponse['streamFailure']
  readonly ownEnd: ServerResponse['end']

  constructor(
    readonly res: ServerResponse,
    readonly hooks: ResponseHooks,
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
    process.nextTick(() => holdStream(this))
  }

  private onEnd(args: EndArguments): ServerResponse {
    const { res } = this
    switch (this.state) {
      case 'open':
        this.onFirstEnd(args)
        return res
      case 'dropped':
        this.streamFailure?.unfreeze?.()
        discard(this, args, this.streamFailure?.err)
        return res
      case 'replaced':
        passEnd(this, args)
        passLateEnds(this)
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
    else passEnd(this, args)
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
    passEnd(this, args)
    ignoreWrites(this)
  }

  /** Sends the response whole, after a failed commit too, unless it must not be sent then. */
  private endAfterCommit(args: EndArguments, err?: unknown): void {
    const { res } = this
    const failure = this.streamFailure?.err ?? (this.hooks.mustSucceed ? err : undefined)
    if (failure && !isGone(res)) return failResponse(this, args, failure)
    try {
      this.head.thaw()
      this.report(failure ?? err)
      passEnd(this, args)
      passLateEnds(this)
    } catch (fault) {
      if (isHeadBuilt(res)) defer(() => callNext(this.hooks.next, fault))
      else this.replace(fault)
    }
  }

  /** Passes the first error to `next`, after the response. */
  report(err: unknown): void {
    if (!err || this.isReported) return
    this.isReported = true
    // The head of a stream that was discarded, and whose client has disconnected, cannot be changed any more.
    if (!isGone(this.res)) this.head.closeConnection()
    reportAfter(this.res, err, this.hooks.next)
  }

  replace(err: unknown): void {
    replace(this, err)
  }
}
