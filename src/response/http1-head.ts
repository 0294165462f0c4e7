import { OutgoingMessage, type ServerResponse } from 'node:http'
import { types } from 'node:util'
import { AFTER_END, AFTER_HEADERS, freeze, freezeForGood, IGNORE_WRITES } from './freeze'
import type { EndArguments, ResponseHead } from './response-head'

/** The head of an HTTP/1 response. Node builds it at `writeHead`, and sends it with the first bytes of the body. */
export class Http1Head implements ResponseHead {
  private unfreeze: (() => void) | undefined

  constructor(private readonly res: ServerResponse) {}

  freeze(args: EndArguments, end: unknown): void {
    const { res } = this
    if (isReplaced(end, res)) {
      this.unfreeze = res.headersSent
        ? freeze(res, AFTER_END)
        : freeze(res, AFTER_HEADERS, ['statusCode', 'statusMessage'])
      return
    }
    if (!res.headersSent) this.build(args)
    freezeForGood(res)
  }

  thaw(hasFailed: boolean): void {
    const { res } = this
    this.unfreeze?.()
    this.unfreeze = undefined
    if (hasFailed && !res.headersSent) res.writeHead(res.statusCode)
  }

  ignoreWrites(): void {
    this.unfreeze = freeze(this.res, IGNORE_WRITES)
  }

  private build([chunk, encoding]: EndArguments): void {
    const { res } = this
    const isImplied = hasImpliedLength(res)
    if (isImplied) res.setHeader('Content-Length', lengthOf(chunk, encoding))
    try {
      res.writeHead(res.statusCode)
    } catch (err) {
      // The response that an error handler makes has another length.
      if (isImplied && !res.headersSent) res.removeHeader('Content-Length')
      throw err
    }
  }
}

/** Another middleware's `end` may send more than it is given (compression), and must find the head unbuilt. */
function isReplaced(end: unknown, res: ServerResponse): boolean {
  return end !== OutgoingMessage.prototype.end && res instanceof OutgoingMessage
}

/** Returns whether Node would add the Content-Length of a body that comes in one piece (RFC 9110, 8.6). */
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
