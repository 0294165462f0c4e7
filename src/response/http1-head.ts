import { OutgoingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { hasBody, lengthOf } from './body'
import { rewriteAsClosing } from './connection-close'
import { AFTER_END, AFTER_UNSENT_END, freeze, freezeForGood } from './freeze'
import { type EndArguments, isHeadBuilt, type ResponseHead } from './response-head'
import { takeBackHead } from './take-back-head'

/** The head of an HTTP/1 response. Node builds it at `writeHead`, and sends it with the first bytes of the body. */
export class Http1Head implements ResponseHead {
  private unfreeze: (() => void) | undefined
  private corkedSocket: Socket | undefined
  private isCorked = false

  constructor(private readonly res: ServerResponse) {}

  cork(): void {
    const { res } = this
    this.isCorked = true
    if (res.socket) return this.corkSocket(res.socket)
    // A pipelined request: the response gets the socket after the response to the previous request.
    res.once?.('socket', (socket: Socket) => {
      if (this.isCorked) this.corkSocket(socket)
    })
  }

  uncork(): void {
    this.isCorked = false
    this.corkedSocket?.uncork()
    this.corkedSocket = undefined
  }

  freeze(args: EndArguments, end: unknown, mayBuild: boolean): void {
    const { res } = this
    const isBuilt = isHeadBuilt(res)
    if (isReplaced(end, res) || !mayBuild) {
      this.unfreeze = isBuilt
        ? freeze(res, AFTER_END)
        : freeze(res, AFTER_UNSENT_END, ['statusCode', 'statusMessage'])
      return
    }
    if (!isBuilt) this.build(args)
    freezeForGood(res)
  }

  thaw(): void {
    this.unfreeze?.()
    this.unfreeze = undefined
  }

  takeBack(): boolean {
    this.thaw()
    return !isHeadBuilt(this.res) || takeBackHead(this.res, this.corkedSocket)
  }

  cut(): void {
    const { res, corkedSocket } = this
    // A response that waits as a whole is not sent. The sockets of simulated requests have fewer methods.
    if (corkedSocket || typeof res.socket?.destroySoon !== 'function') res.destroy?.()
    else res.socket.destroySoon()
  }

  closeConnection(): void {
    const { res } = this
    if (!isHeadBuilt(res)) res.setHeader('Connection', 'close')
    else rewriteAsClosing(res, this.corkedSocket)
  }

  private corkSocket(socket: Socket): void {
    socket.cork()
    this.corkedSocket = socket
  }

  private build([chunk, encoding]: EndArguments): void {
    const { res } = this
    const isImplied = hasImpliedLength(res)
    if (isImplied) res.setHeader('Content-Length', lengthOf(chunk, encoding))
    try {
      res.writeHead(res.statusCode)
    } catch (err) {
      // The response that an error handler makes has another length.
      if (isImplied && !isHeadBuilt(res)) res.removeHeader('Content-Length')
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
  if (!hasBody(res) || res.req?.httpVersion === '1.0') return false
  return ['content-length', 'transfer-encoding', 'trailer'].every((name) => res.getHeader(name) === undefined)
}
