import type { ServerResponse } from 'node:http'
import type { Done } from '../types'
import { AFTER_HEADERS_HTTP2, freeze, IGNORE_WRITES } from './freeze'
import type { ResponseHead } from './response-head'

/**
 * The head of an HTTP/2 response. Node sends it at `writeHead`; at `end` it builds the head without calling `writeHead`,
 * so `writeHead` is called here, for the listener that adds the cookie.
 */
export class Http2Head implements ResponseHead {
  private readonly writeHead: (...args: unknown[]) => ServerResponse
  /** The arguments of an explicit `writeHead`, until it is known whether the response ends in the same tick. */
  private waiting: unknown[] | undefined
  private isSending = false
  private unfreeze: (() => void) | undefined

  constructor(
    private readonly res: ServerResponse,
    private readonly next: Done,
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

  freeze(): void {
    const { res } = this
    this.unfreeze = res.headersSent
      ? freeze(res, IGNORE_WRITES)
      : freeze(res, AFTER_HEADERS_HTTP2, ['statusCode'])
  }

  thaw(): void {
    this.unfreeze?.()
    this.unfreeze = undefined
    this.send()
  }

  ignoreWrites(): void {
    this.unfreeze = freeze(this.res, IGNORE_WRITES)
  }

  private send(): void {
    const { res, waiting } = this
    if (res.headersSent) return
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
    if (res.headersSent || this.waiting || this.isSending) return this.writeHead.apply(res, args)
    this.waiting = args
    process.nextTick(() => {
      try {
        if (!this.unfreeze) this.send()
      } catch (err) {
        this.next(err)
      }
    })
    return res
  }
}
