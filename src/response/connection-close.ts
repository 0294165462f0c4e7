import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Buffered, type NodeResponse, setContent, textOf, waitingChunks } from './node-response'

/**
 * Changes the built head of an HTTP/1 response to `Connection: close`, unless it is on the wire. Used only after a failed
 * save: Express's own error handler then cuts the connection, and the client must not send its next request on it.
 */
export function rewriteAsClosing(res: ServerResponse, corkedSocket: Socket | undefined): void {
  const node = res as NodeResponse
  const { _header: head } = node
  if (typeof head !== 'string') return
  // A socket has counted the bytes, so their number must stay. Blanks after a value are ignored (RFC 9110, 5.5).
  const closing = head.replace(KEEP_ALIVE, (fields) =>
    node._headerSent ? `${CLOSE.padEnd(fields.length - 2)}\r\n` : `${CLOSE}\r\n`,
  )
  if (closing === head) return
  if (node._headerSent && !replaceHead(waitingChunks(res, corkedSocket), head, closing)) return
  node._header = closing
  node._last = true
}

const CLOSE = '\r\nConnection: close'
const KEEP_ALIVE = /\r\nConnection: keep-alive\r\n(?:Keep-Alive: [^\r\n]*\r\n)?/i

/** Replaces the head in the first chunk that starts with it. Returns false if there is none: it was sent. */
function replaceHead(waiting: Buffered[], head: string, closing: string): boolean {
  const first = waiting.find((entry) => textOf(entry)?.startsWith(head))
  if (!first) return false
  setContent(first, closing + textOf(first)?.slice(head.length))
  return true
}
