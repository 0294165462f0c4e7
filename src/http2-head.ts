import type { ServerResponse } from 'node:http'
import { keepHead, type ResponseHead } from './response-head'
import type { Done } from './types'

/** Node sends the head at `writeHead`, and builds it past `writeHead` at `end`, where nobody could add a header. */
export class Http2Head implements ResponseHead {
  private readonly writeHead: (...args: unknown[]) => ServerResponse
  /** What an explicit `writeHead` was given, until it is known whether the response ends with it. */
  private waiting: unknown[] | undefined
  private isFrozen = false
  private restore: (() => void) | undefined

  constructor(
    private readonly res: ServerResponse,
    private readonly next: Done,
  ) {
    const { write, flushHeaders } = res
    this.writeHead = res.writeHead as (...args: unknown[]) => ServerResponse
    res.writeHead = ((...args: unknown[]) => this.postpone(args)) as typeof res.writeHead
    res.write = ((...args: Parameters<typeof write>) => {
      if (this.isFrozen) return false
      this.send()
      return write.apply(res, args)
    }) as typeof write
    res.flushHeaders = () => {
      this.send()
      flushHeaders.call(res)
    }
  }

  freeze(): void {
    this.isFrozen = true
    this.restore = keepHead(this.res)
  }

  dropWrites(): void {
    this.isFrozen = true
  }

  thaw(): void {
    this.isFrozen = false
    this.restore?.()
    this.restore = undefined
    this.send()
  }

  private send(): void {
    const { res, waiting = [res.statusCode] } = this
    if (res.headersSent) return
    this.waiting = undefined
    this.writeHead.apply(res, waiting)
  }

  private postpone(args: unknown[]): ServerResponse {
    const { res } = this
    if (res.headersSent || this.waiting) return this.writeHead.apply(res, args)
    this.waiting = args
    process.nextTick(() => {
      try {
        if (!this.isFrozen) this.send()
      } catch (err) {
        this.next(err)
      }
    })
    return res
  }
}
