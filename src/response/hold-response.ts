import type { ServerResponse } from 'node:http'
import type { Commit, Done } from '../types'
import { defer, deferTwice } from './defer'
import { type EndArguments, isSendable, type ResponseHead, withoutChunk } from './response-head'
import { watchHead } from './watch-head'

/** Called while a response is made. */
export interface ResponseHooks {
  /** Called when the headers are about to be built: the last moment to add one. An exception is passed to `next`. */
  onHeaders(): void
  /** Called when the headers were sent and the body is not complete, or when the client has disconnected. */
  onEarly(): void
  /**
   * Called when the response ends. Returns the work that must be done first. An exception is passed to `next`, and the
   * error handler's response is sent instead.
   */
  onEnd(): Commit | undefined
  next: Done
}

/** Holds the end of a response, and everything that was not sent before, until the commit is done. */
export function holdResponse(res: ServerResponse, hooks: ResponseHooks): void {
  // A WebSocket upgrade passes an empty object as `res`.
  if (typeof res.end === 'function') new ResponseHold(res, hooks).arm()
}

class ResponseHold {
  /** `failing`: the error is about to be passed to `next`. `replaced`: the error handler makes the response. */
  private state: 'open' | 'held' | 'failing' | 'replaced' | 'ended' = 'open'
  private readonly head: ResponseHead
  private readonly end: (...args: EndArguments) => ServerResponse
  private headError: unknown
  /** Calls of `end` after the first one. They are passed to Node after the first one. */
  private late: (() => void)[] | undefined

  constructor(
    private readonly res: ServerResponse,
    private readonly hooks: ResponseHooks,
  ) {
    this.end = res.end as (...args: EndArguments) => ServerResponse
    this.head = watchHead(res, () => this.onHeaders(), hooks.next)
  }

  arm(): void {
    const { res } = this
    res.end = ((...args: EndArguments) => this.onEnd(args)) as typeof res.end
    res.on?.('close', () => {
      if (this.state === 'open') this.hooks.onEarly()
    })
  }

  private onHeaders(): void {
    try {
      this.hooks.onHeaders()
    } catch (err) {
      this.headError = err
    }
    if (this.state !== 'open') return
    // If `end` is called in the same tick, the commit is done there.
    process.nextTick(() => {
      if (this.state === 'open') this.hooks.onEarly()
    })
  }

  private onEnd(args: EndArguments): ServerResponse {
    switch (this.state) {
      case 'open':
        return this.onFirstEnd(args)
      case 'replaced':
        return this.pass(args)
      default:
        return this.onLateEnd(args)
    }
  }

  private onFirstEnd(args: EndArguments): ServerResponse {
    // Node throws its own error for such arguments, and the handler can still make another response.
    if (!isSendable(args)) return this.end.apply(this.res, args)
    let commit: Commit | undefined
    try {
      commit = this.hooks.onEnd()
    } catch (err) {
      this.fail(err, args)
      return this.res
    }
    if (commit) this.hold(commit, args)
    else if (this.headError) this.fail(this.headError, args)
    else this.finish(args)
    return this.res
  }

  private hold(commit: Commit, args: EndArguments): void {
    this.state = 'held'
    let isFrozen = false
    let early: { err: unknown } | undefined
    commit((err) => {
      if (isFrozen) this.settle(err, args)
      else early = { err }
    })
    if (early && !(early as { err: unknown }).err) return this.release(args)
    try {
      this.head.freeze(args, this.end)
    } catch (err) {
      this.state = 'open'
      throw err
    }
    isFrozen = true
    if (early) this.settle((early as { err: unknown }).err, args)
  }

  /** The store has answered, and the head is frozen. */
  private settle(err: unknown, args: EndArguments): void {
    try {
      this.head.thaw(Boolean(err))
    } catch (fault) {
      return this.fail(err || fault, args)
    }
    const fault = err || this.headError
    if (fault) this.fail(fault, args)
    else this.release(args)
  }

  private fail(err: unknown, args: EndArguments): void {
    this.state = 'failing'
    this.headError = undefined
    if (this.res.headersSent) this.failSent(err, args)
    else this.failUnsent(err)
  }

  /** The error handler makes the response. */
  private failUnsent(err: unknown): void {
    defer(() => {
      this.state = 'replaced'
      this.hooks.next(err)
    })
  }

  /** The error is passed on before the bytes are sent: a handler that cuts the connection cuts this response. */
  private failSent(err: unknown, args: EndArguments): void {
    this.head.ignoreWrites()
    defer(() => {
      try {
        this.hooks.next(err)
      } finally {
        deferTwice(() => this.release(args))
      }
    })
  }

  private release(args: EndArguments): void {
    const { late = [] } = this
    this.late = undefined
    for (const call of [() => this.finish(args), ...late]) {
      try {
        call()
      } catch (err) {
        this.hooks.next(err)
      }
    }
  }

  private finish(args: EndArguments): void {
    this.head.thaw(false)
    this.pass(args)
    if (this.headError) defer(() => this.hooks.next(this.headError))
  }

  private pass(args: EndArguments): ServerResponse {
    const isOpen = this.state === 'open'
    this.state = 'ended'
    try {
      return this.end.apply(this.res, args)
    } catch (err) {
      // Node could not build the head, so another response can still be made.
      if (!this.res.headersSent) this.state = isOpen ? 'open' : 'replaced'
      throw err
    }
  }

  /** Passes a second `end` to Node after the first one, for Node's own error. */
  private onLateEnd(args: EndArguments): ServerResponse {
    const { res } = this
    // An error handler's body does not belong to this response, and is no error.
    const late = this.state === 'failing' ? withoutChunk(args) : args
    const end = () => this.end.apply(res, isHeard(res) ? late : withoutChunk(late))
    if (this.state === 'ended') return end()
    this.late ??= []
    this.late.push(end)
    return res
  }
}

/** An 'error' event without a listener would end the process. */
function isHeard(res: ServerResponse): boolean {
  return (res.listenerCount?.('error') ?? 0) > 0
}
