import type { ServerResponse } from 'node:http'
import type { Done } from '../types'
import { defer, deferTwice } from './defer'
import { type EndArguments, isSendable, withoutChunk } from './end-arguments'
import type { ResponseHead } from './response-head'
import { headOf } from './watch-head'

/** Work that must be done before the end of a response may leave. */
export type Commit = (done: Done) => void

/** What is asked while a response is made. */
export interface ResponseHooks {
  /** The headers are about to be built: the last moment to add one. What it throws goes to `next` as well. */
  onHeaders(): void
  /** The headers are out and the body goes on, or the client is gone before the end. */
  onEarly(): void
  /** The response ends; what must be done first. What it throws goes to `next` in place of the response. */
  onEnd(): Commit | undefined
  next: Done
}

/** Holds the end of the response, and all that was not sent before, until the commit is done. */
export function holdResponse(res: ServerResponse, hooks: ResponseHooks): void {
  // The `res` of an upgrade to WebSocket is no response.
  if (typeof res.end === 'function') new ResponseHold(res, hooks).arm()
}

class ResponseHold {
  /** `failing`: the error handler is about to hear of it. `replaced`: the next end is that of its response. */
  private state: 'open' | 'held' | 'failing' | 'replaced' | 'ended' = 'open'
  private readonly head: ResponseHead
  private readonly end: (...args: EndArguments) => ServerResponse
  private headFault: unknown
  /** What was called after `end`; Node answers it, once it has seen the end. */
  private late: (() => void)[] | undefined

  constructor(
    private readonly res: ServerResponse,
    private readonly hooks: ResponseHooks,
  ) {
    this.end = res.end as (...args: EndArguments) => ServerResponse
    this.head = headOf(res, () => this.onHeaders(), hooks.next)
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
      this.headFault = err
    }
    if (this.state !== 'open') return
    // An `end` in the same tick commits by itself.
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
    // Node has its own error for arguments like these, and the response can still become another.
    if (!isSendable(args)) return this.end.apply(this.res, args)
    let commit: Commit | undefined
    try {
      commit = this.hooks.onEnd()
    } catch (err) {
      this.fail(err, args)
      return this.res
    }
    if (commit) this.hold(commit, args)
    else if (this.headFault) this.fail(this.headFault, args)
    else this.finish(args)
    return this.res
  }

  private hold(commit: Commit, args: EndArguments): void {
    this.state = 'held'
    let isFrozen = false
    const answers: unknown[] = []
    commit((err) => {
      if (isFrozen) this.settle(err, args)
      else answers.push(err)
    })
    if (answers.length > 0 && !answers[0]) return this.release(args)
    try {
      this.head.freeze(args, this.end)
    } catch (err) {
      this.state = 'open'
      throw err
    }
    isFrozen = true
    if (answers.length > 0) this.settle(answers[0], args)
  }

  /** The store has answered while the head was frozen. */
  private settle(err: unknown, args: EndArguments): void {
    try {
      this.head.thaw(Boolean(err))
    } catch (fault) {
      return this.fail(err || fault, args)
    }
    const fault = err || this.headFault
    if (fault) this.fail(fault, args)
    else this.release(args)
  }

  private fail(err: unknown, args: EndArguments): void {
    this.state = 'failing'
    this.headFault = undefined
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

  /** The error handler hears of it before the bytes leave: if it cuts the connection, it cuts this response. */
  private failSent(err: unknown, args: EndArguments): void {
    this.head.dropWrites()
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
    if (this.headFault) defer(() => this.hooks.next(this.headFault))
  }

  private pass(args: EndArguments): ServerResponse {
    const isOpen = this.state === 'open'
    this.state = 'ended'
    try {
      return this.end.apply(this.res, args)
    } catch (err) {
      // Node could not build the head, and the response can still become another.
      if (!this.res.headersSent) this.state = isOpen ? 'open' : 'replaced'
      throw err
    }
  }

  /** Node answers it once it has seen the first, in its own words for a write after the end. */
  private onLateEnd(args: EndArguments): ServerResponse {
    const { res } = this
    // What an error handler sends this way is neither of the body nor a fault.
    const late = this.state === 'failing' ? withoutChunk(args) : args
    const end = () => this.end.apply(res, isHeard(res) ? late : withoutChunk(late))
    if (this.state === 'ended') return end()
    this.late ??= []
    this.late.push(end)
    return res
  }
}

/** An 'error' event that nobody listens for would end the process. */
function isHeard(res: ServerResponse): boolean {
  return (res.listenerCount?.('error') ?? 0) > 0
}
