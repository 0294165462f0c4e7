import type { ServerResponse } from 'node:http'
import onHeaders from 'on-headers'
import { keepRepeatedHeaders } from './repeated-headers'
import type { Done } from './types'

export type EndArguments = [chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void]

/** How the head of a response waits for its commit: it differs between HTTP/1 and HTTP/2. */
export interface ResponseHead {
  /** The response has ended: from now on the head reads as sent, while nothing of it leaves. */
  freeze(end: EndArguments): void
  /** Takes no more writes, for an error handler that does not know that the response has ended. */
  dropWrites(): void
  /** The end is about to leave. */
  thaw(): void
}

/** Takes charge of the head: `listener` is called just before it is built. */
export function responseHead(res: ServerResponse, listener: () => void, next: Done): ResponseHead {
  // One assignment: below Express each costs more than all that it does (V8 gives up the shape of the object).
  const hooked = { writeHead: res.writeHead }
  onHeaders(hooked as ServerResponse, listener)
  res.writeHead = keepRepeatedHeaders(hooked.writeHead) as typeof res.writeHead
  return res.req?.httpVersionMajor === 2 ? new Http2Head(res, next) : new Http1Head(res)
}

/** Node builds the head at `writeHead` and sends it with the first bytes of the body. */
class Http1Head implements ResponseHead {
  private isDropping = false

  constructor(private readonly res: ServerResponse) {}

  freeze([chunk, encoding]: EndArguments): void {
    const { res } = this
    if (!res.headersSent) {
      if (hasImpliedLength(res)) res.setHeader('Content-Length', lengthOf(chunk, encoding))
      res.writeHead(res.statusCode)
    }
    // Node's own word for it: a late write is its to refuse, and `writableEnded` is true.
    setFinished(res, true)
  }

  dropWrites(): void {
    const { res } = this
    const { write } = res
    this.isDropping = true
    res.write = ((...args: Parameters<typeof write>) =>
      this.isDropping ? false : write.apply(res, args)) as typeof write
  }

  thaw(): void {
    this.isDropping = false
    setFinished(this.res, false)
  }
}

/** Node sends the head at `writeHead`, and builds it past `writeHead` at `end`, where nobody could add a header. */
class Http2Head implements ResponseHead {
  private readonly writeHead: (...args: unknown[]) => ServerResponse
  /** What an explicit `writeHead` was given, until it is known whether the response ends with it. */
  private waiting: unknown[] | undefined
  private isFrozen = false

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
  }

  dropWrites(): void {
    this.isFrozen = true
  }

  thaw(): void {
    this.isFrozen = false
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

function setFinished(res: { finished: boolean }, isFinished: boolean): void {
  res.finished = isFinished
}

/** Where Node would tell the length of a body that comes in one piece (RFC 9110, 8.6). */
function hasImpliedLength(res: ServerResponse): boolean {
  const { statusCode, req } = res
  if (req?.method === 'HEAD' || statusCode < 200 || statusCode === 204 || statusCode === 304) return false
  if (req?.httpVersion === '1.0') return false
  return ['content-length', 'transfer-encoding', 'trailer'].every((name) => res.getHeader(name) === undefined)
}

function lengthOf(chunk: unknown, encoding: EndArguments[1]): number {
  if (typeof chunk === 'string') {
    return Buffer.byteLength(chunk, typeof encoding === 'string' ? encoding : undefined)
  }
  return chunk instanceof Uint8Array ? chunk.byteLength : 0
}
