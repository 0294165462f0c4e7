import type { ServerResponse } from 'node:http'
import type { Done } from '../types'
import { deaf, seal, sentByHttp2 } from './freeze'
import type { ResponseHead } from './response-head'

/** Node sends the head at `writeHead`, and builds it past `writeHead` at `end`, where nobody could add a header. */
export class Http2Head implements ResponseHead {
  private readonly writeHead: (...args: unknown[]) => ServerResponse
  /** What an explicit `writeHead` was given, until it is known whether the response ends with it. */
  private waiting: unknown[] | undefined
  private isSending = false
  private unseal: (() => void) | undefined

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
    this.unseal = res.headersSent ? seal(res, deaf) : seal(res, sentByHttp2, ['statusCode'])
  }

  thaw(): void {
    this.unseal?.()
    this.unseal = undefined
    this.send()
  }

  dropWrites(): void {
    this.unseal = seal(this.res, deaf)
  }

  private send(): void {
    const { res, waiting } = this
    if (res.headersSent) return
    this.waiting = undefined
    if (waiting) this.writeHead.apply(res, waiting)
    else this.sendImplied()
  }

  /** By the `writeHead` of now, as Node does: others may have put theirs round ours. */
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
        if (!this.unseal) this.send()
      } catch (err) {
        this.next(err)
      }
    })
    return res
  }
}
