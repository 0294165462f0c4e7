import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Changes the built head of an HTTP/1 response to `Connection: close`, unless it is on the wire. Used only after a failed
 * save: Express's own error handler then cuts the connection, and the client must not send its next request on it.
 * Node has no public way, so this reads `_header`, `_last` and the buffers.
 */
export function rewriteAsClosing(res: ServerResponse, corkedSocket: Socket | undefined): void {
  const node = res as unknown as NodeResponse
  const { _header: head } = node
  if (typeof head !== 'string') return
  // A socket has counted the bytes, so their number must stay. Blanks after a value are ignored (RFC 9110, 5.5).
  const closing = head.replace(KEEP_ALIVE, (fields) =>
    node._headerSent ? `${CLOSE.padEnd(fields.length - 2)}\r\n` : `${CLOSE}\r\n`,
  )
  if (closing === head) return
  if (node._headerSent) {
    const buffered = corkedSocket ? corkedSocket.writableBuffer : node.outputData
    if (!replaceHead(buffered ?? [], head, closing)) return
  }
  node._header = closing
  node._last = true
}

/** The fields of Node's ServerResponse that are used here. */
interface NodeResponse {
  _header?: unknown
  _headerSent?: boolean
  /** Node closes the connection after this response. */
  _last?: boolean
  outputData?: Buffered[]
}

/** A chunk that waits in a socket, or in a response that has no socket yet. */
interface Buffered {
  chunk?: unknown
  data?: unknown
}

declare module 'node:net' {
  interface Socket {
    readonly writableBuffer?: Buffered[]
  }
}

const CLOSE = '\r\nConnection: close'
const KEEP_ALIVE = /\r\nConnection: keep-alive\r\n(?:Keep-Alive: [^\r\n]*\r\n)?/i

/** Replaces the head in the first chunk that starts with it. Returns false if there is none: it was sent. */
function replaceHead(buffered: Buffered[], head: string, closing: string): boolean {
  for (const entry of buffered) {
    for (const key of ['chunk', 'data'] as const) {
      const text = entry[key]
      if (typeof text !== 'string' || !text.startsWith(head)) continue
      entry[key] = closing + text.slice(head.length)
      return true
    }
  }
  return false
}
