import { OutgoingMessage, type ServerResponse } from 'node:http'
import { types } from 'node:util'
import type { EndArguments } from './end-arguments'
import { close, deaf, ended, seal, sent } from './freeze'
import type { ResponseHead } from './response-head'

/** Node builds the head at `writeHead` and sends it with the first bytes of the body. */
export class Http1Head implements ResponseHead {
  private unseal: (() => void) | undefined

  constructor(private readonly res: ServerResponse) {}

  freeze(args: EndArguments, end: unknown): void {
    const { res } = this
    if (isReplaced(end, res)) {
      this.unseal = res.headersSent ? seal(res, ended) : seal(res, sent, ['statusCode', 'statusMessage'])
      return
    }
    if (!res.headersSent) this.build(args)
    close(res)
  }

  thaw(hasFailed: boolean): void {
    const { res } = this
    this.unseal?.()
    this.unseal = undefined
    if (hasFailed && !res.headersSent) res.writeHead(res.statusCode)
  }

  dropWrites(): void {
    this.unseal = seal(this.res, deaf)
  }

  private build([chunk, encoding]: EndArguments): void {
    const { res } = this
    const isImplied = hasImpliedLength(res)
    if (isImplied) res.setHeader('Content-Length', lengthOf(chunk, encoding))
    try {
      res.writeHead(res.statusCode)
    } catch (err) {
      // Another response may follow, of another length.
      if (isImplied && !res.headersSent) res.removeHeader('Content-Length')
      throw err
    }
  }
}

/** What others put in the place of Node's `end` may send more than it is given, and wants to see the head open. */
function isReplaced(end: unknown, res: ServerResponse): boolean {
  return end !== OutgoingMessage.prototype.end && res instanceof OutgoingMessage
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
  return types.isUint8Array(chunk) ? chunk.byteLength : 0
}
