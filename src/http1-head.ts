import { OutgoingMessage, type ServerResponse } from 'node:http'
import type { EndArguments } from './end-arguments'
import { keepHead, type ResponseHead } from './response-head'

/** Node builds the head at `writeHead` and sends it with the first bytes of the body. */
export class Http1Head implements ResponseHead {
  private writes: 'pass' | 'refused' | 'dropped' = 'pass'
  private isGuarded = false
  private restore: (() => void) | undefined

  constructor(private readonly res: ServerResponse) {}

  freeze(args: EndArguments, end: unknown): void {
    const { res } = this
    if (isReplaced(end, res)) this.restore = keepHeadOf(res)
    else this.build(args)
    // Not by `finished`: a connection whose response is finished is idle, and may be closed.
    Object.defineProperty(res, 'writableEnded', { value: true, configurable: true })
    this.guardWrites()
    this.writes = 'refused'
  }

  dropWrites(): void {
    this.guardWrites()
    this.writes = 'dropped'
  }

  thaw(hasFailed: boolean): void {
    const { res } = this
    if (this.writes === 'refused') Reflect.deleteProperty(res, 'writableEnded')
    this.writes = 'pass'
    this.restore?.()
    this.restore = undefined
    if (hasFailed && !res.headersSent) res.writeHead(res.statusCode)
  }

  private build([chunk, encoding]: EndArguments): void {
    const { res } = this
    if (res.headersSent) return
    if (hasImpliedLength(res)) res.setHeader('Content-Length', lengthOf(chunk, encoding))
    res.writeHead(res.statusCode)
  }

  private guardWrites(): void {
    if (this.isGuarded) return
    this.isGuarded = true
    const { res } = this
    const { write } = res
    res.write = ((...args: Parameters<typeof write>) => {
      if (this.writes === 'dropped') return false
      const pass = () => write.apply(res, args)
      return this.writes === 'refused' ? afterEnd(res, pass) : pass()
    }) as typeof write
  }
}

/** Lets Node refuse something in its own words for what comes after the end. */
function afterEnd<T>(res: { finished: boolean }, work: () => T): T {
  res.finished = true
  try {
    return work()
  } finally {
    res.finished = false
  }
}

/** What others put in the place of Node's `end` may send more than it is given, and wants to see the head open. */
function isReplaced(end: unknown, res: ServerResponse): boolean {
  return end !== OutgoingMessage.prototype.end && res instanceof OutgoingMessage
}

function keepHeadOf(res: ServerResponse): () => void {
  const { statusMessage } = res
  const restore = keepHead(res)
  return () => {
    restore()
    if (!res.headersSent) res.statusMessage = statusMessage
  }
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
