import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2'
import { AFTER_END, AFTER_UNSENT_END, freeze } from './freeze'
import { type ErrorReporter, isHeadBuilt, type ResponseHead } from './response-head'

/**
 * The head of an HTTP/2 response. Node sends it at `writeHead`, so that call is postponed until the first write, the end or
 * the next tick: if the response ends in the same tick, the head waits for the commit too.
 */
export class Http2Head implements ResponseHead {
  private readonly writeHead: (...args: unknown[]) => ServerResponse
  /** The arguments of an explicit `writeHead`, until it is known whether the response ends in the same tick. */
  private waiting: unknown[] | undefined
  private isSending = false
  private unfreeze: (() => void) | undefined
  private corked: CorkedStream | undefined

  constructor(
    private readonly res: ServerResponse,
    private readonly errors: ErrorReporter,
  ) {
    const { write, flushHeaders } = res
    this.writeHead = res.writeHead as (...args: unknown[]) => ServerResponse
    res.writeHead = ((...args: unknown[]) => this.postpone(args)) as typeof res.writeHead
    res.write = ((...args: Parameters<typeof write>) => {
      this.send()
      return write.apply(res, args)
    }) as typeof write
    res.flushHeaders = () => {
      this.send()
      flushHeaders.call(res)
    }
  }

  cork(): void {
    const { stream } = this.res as unknown as Http2ServerResponse
    this.corked = stream && corkStream(stream)
  }

  uncork(): void {
    const { corked } = this
    this.corked = undefined
    try {
      corked?.release()
    } catch (err) {
      // Node refuses the head, and the caller of `writeHead` or `write` has returned long ago.
      this.errors.report(err)
      ;(this.res as unknown as Http2ServerResponse).stream.destroy(err as Error)
    }
  }

  freeze(): void {
    const { res } = this
    this.unfreeze = isHeadBuilt(res) ? freeze(res, AFTER_END) : freeze(res, AFTER_UNSENT_END, ['statusCode'])
  }

  thaw(): void {
    this.unfreeze?.()
    this.unfreeze = undefined
    this.send()
  }

  takeBack(): boolean {
    const { corked } = this
    this.unfreeze?.()
    this.unfreeze = this.waiting = undefined
    if (!isHeadBuilt(this.res)) return true
    if (!corked?.withdraw()) return false
    this.corked = undefined
    return true
  }

  cut(): void {
    const { stream } = this.res as unknown as Http2ServerResponse
    const close = () => stream.close(INTERNAL_ERROR)
    // What was written before must be sent, but a response that waits as a whole is not sent.
    if (this.corked || stream.destroyed) close()
    else stream.write(Buffer.alloc(0), close)
  }

  /** Streams of HTTP/2 share their connection, and have no such header (RFC 9113, 8.2.2). */
  closeConnection(): void {}

  private send(): void {
    const { res, waiting } = this
    if (isHeadBuilt(res)) return
    this.waiting = undefined
    if (waiting) this.writeHead.apply(res, waiting)
    else this.sendImplied()
  }

  /** Calls the response's current `writeHead`, which other middleware may have wrapped. */
  private sendImplied(): void {
    const { res } = this
    this.isSending = true
    try {
      res.writeHead(res.statusCode)
    } finally {
      this.isSending = false
    }
  }

  private postpone(args: unknown[]): ServerResponse {
    const { res } = this
    if (isHeadBuilt(res) || this.isSending) return this.writeHead.apply(res, args)
    if (this.waiting) {
      this.send()
      return this.writeHead.apply(res, args)
    }
    this.waiting = args
    process.nextTick(() => {
      try {
        if (!this.unfreeze) this.send()
      } catch (err) {
        this.errors.replace(err)
      }
    })
    return res
  }
}

/** The code of a stream that the server ends early (RFC 9113, 7). */
const INTERNAL_ERROR = 2

/** A stream whose head and body wait. */
interface CorkedStream {
  /** Sends them. */
  release(): void
  /** Takes the head back. Returns false if there is a part of the body: the stream cannot give it back. */
  withdraw(): boolean
}

/** Keeps the head and the body of a stream back: `respond` is postponed, and reads as done. */
function corkStream(stream: ServerHttp2Stream): CorkedStream {
  let waiting: Parameters<typeof stream.respond> | undefined
  stream.cork()
  stream.respond = (...args) => {
    waiting = args
    Object.defineProperty(stream, 'headersSent', { value: true, configurable: true })
  }
  const restore = () => {
    Reflect.deleteProperty(stream, 'respond')
    Reflect.deleteProperty(stream, 'headersSent')
  }
  return {
    release() {
      restore()
      if (stream.destroyed) return
      if (waiting) stream.respond(...waiting)
      stream.uncork()
    },
    withdraw() {
      if (stream.destroyed || stream.writableLength > 0) return false
      restore()
      stream.uncork()
      return true
    },
  }
}
