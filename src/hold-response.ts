import type { ServerResponse } from 'node:http'
import onHeaders from 'on-headers'
import { keepRepeatedHeaders } from './repeated-headers'
import type { Done } from './types'

/** Work that must be done before the end of a response may leave. */
export type Commit = (done: Done) => void

/** What is asked while a response is made. */
export interface ResponseHooks {
  /** The headers are about to be built: the last moment to add one. */
  onHeaders(): void
  /** The headers are out and the body goes on; or the client is gone before the end. */
  onEarly(): void
  /** The response ends; what must be done first. A throw is given to `next`, and the response is not sent. */
  onEnd(): Commit | undefined
  next: Done
}

/** Holds the end of the response, and all that was not sent before, until the commit is done. */
export function holdResponse(res: ServerResponse, hooks: ResponseHooks): void {
  // The `res` of an upgrade to WebSocket is no response.
  if (typeof res.end === 'function') new ResponseHold(res, hooks).arm()
}

type EndArguments = Parameters<(chunk?: unknown, encoding?: BufferEncoding, callback?: () => void) => void>

class ResponseHold {
  private state: 'open' | 'held' | 'failing' | 'done' = 'open'
  private readonly end: (...args: EndArguments) => ServerResponse
  /** What was called after `end`; Node itself answers it, once it has seen the end. */
  private readonly late: (() => void)[] = []

  constructor(
    private readonly res: ServerResponse,
    private readonly hooks: ResponseHooks,
  ) {
    this.end = res.end as (...args: EndArguments) => ServerResponse
  }

  arm(): void {
    const { res } = this
    onHeaders(res, () => this.onHeaders())
    keepRepeatedHeaders(res)
    res.end = ((...args: EndArguments) => this.onEnd(args)) as typeof res.end
    res.once?.('close', () => {
      if (this.state === 'open') this.hooks.onEarly()
    })
  }

  private onHeaders(): void {
    this.hooks.onHeaders()
    // An `end` that follows in the same tick commits by itself.
    if (this.state === 'open') {
      process.nextTick(() => {
        if (this.state === 'open') this.hooks.onEarly()
      })
    }
  }

  private onEnd(args: EndArguments): ServerResponse {
    if (this.state === 'held' || this.state === 'failing') return this.postpone(args)
    // Node has its own error for a chunk that is none, and the response can still be another.
    if (this.state === 'done' || !isChunk(args[0])) return this.end.apply(this.res, args)
    let commit: Commit | undefined
    try {
      commit = this.hooks.onEnd()
    } catch (err) {
      this.fail(err, args)
      return this.res
    }
    if (!commit) return this.finish(args)
    this.hold(commit, args)
    return this.res
  }

  private hold(commit: Commit, args: EndArguments): void {
    const { res } = this
    this.state = 'held'
    try {
      freeze(res, args)
    } catch (err) {
      this.state = 'open'
      throw err
    }
    const { write } = res
    res.write = ((...lateArgs: Parameters<typeof write>) => {
      this.late.push(() => write.apply(res, lateArgs))
      return false
    }) as typeof write

    commit((err) => {
      res.write = write
      if (!err) return this.release(args)
      sendHead(res)
      this.fail(err, args)
    })
  }

  /** Reports the error before the bytes leave, so that a handler that cuts the connection cuts this response. */
  private fail(err: unknown, args: EndArguments): void {
    this.state = 'failing'
    setImmediate(() => {
      const isOpen = !this.res.headersSent
      if (isOpen) this.state = 'done'
      try {
        this.hooks.next(err)
      } finally {
        if (!isOpen) setImmediate(setImmediate, () => this.release(args))
      }
    })
  }

  private release(args: EndArguments): void {
    try {
      this.finish(args)
    } catch (err) {
      this.hooks.next(err)
    }
    for (const call of this.late.splice(0)) call()
  }

  private finish(args: EndArguments): ServerResponse {
    this.state = 'done'
    sendHead(this.res)
    return this.end.apply(this.res, args)
  }

  /** An `end` after the end. An error handler's is not the body's, nor a fault. */
  private postpone(args: EndArguments): ServerResponse {
    const callback = args.find((arg) => typeof arg === 'function')
    const late = this.state === 'failing' ? [callback] : args
    this.late.push(() => this.end.apply(this.res, late as EndArguments))
    return this.res
  }
}

/**
 * Builds the head, so that it can be changed no more, as after any `end`. Node sends it with the first bytes of the
 * body only. HTTP/2 sends it at once, so there it waits.
 */
function freeze(res: ServerResponse, [chunk, encoding]: EndArguments): void {
  if (res.headersSent || isHttp2(res)) return
  if (hasImpliedLength(res)) res.setHeader('Content-Length', lengthOf(chunk, encoding))
  res.writeHead(res.statusCode)
}

/** HTTP/2's `end` builds the head past `writeHead`, where the hooks are. */
function sendHead(res: ServerResponse): void {
  if (isHttp2(res) && !res.headersSent) res.writeHead(res.statusCode)
}

function isHttp2(res: ServerResponse): boolean {
  return 'stream' in res
}

/** Where Node would tell the length of a body that comes in one piece (RFC 9110, 8.6). */
function hasImpliedLength(res: ServerResponse): boolean {
  const { statusCode, req } = res
  if (req?.method === 'HEAD' || statusCode < 200 || statusCode === 204 || statusCode === 304) return false
  if (req?.httpVersion === '1.0') return false
  return !['content-length', 'transfer-encoding', 'trailer'].some((name) => res.hasHeader(name))
}

function lengthOf(chunk: unknown, encoding: BufferEncoding | undefined): number {
  if (typeof chunk === 'string') {
    return Buffer.byteLength(chunk, typeof encoding === 'string' ? encoding : undefined)
  }
  return chunk instanceof Uint8Array ? chunk.byteLength : 0
}

function isChunk(chunk: unknown): boolean {
  const isNone = chunk === undefined || chunk === null || typeof chunk === 'function'
  return isNone || typeof chunk === 'string' || chunk instanceof Uint8Array
}
