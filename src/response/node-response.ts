import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * The fields of Node's ServerResponse that are used after a failed save, and only then: Node has no public way to change
 * or take back a head that is built and not sent.
 */
export interface NodeResponse {
  _header?: unknown
  _headerSent?: boolean
  /** Node closes the connection after this response. */
  _last?: boolean
  _hasBody?: boolean
  _contentLength?: number | null
  _trailer?: string
  /** These headers were removed, so Node adds none. */
  _removedContLen?: boolean
  _removedTE?: boolean
  chunkedEncoding?: boolean
  outputData?: Buffered[]
}

/** A chunk that waits in a socket (`chunk`), or in a response that has no socket yet (`data`). */
export interface Buffered {
  chunk?: unknown
  data?: unknown
}

declare module 'node:net' {
  interface Socket {
    readonly writableBuffer?: Buffered[]
  }
}

/** Returns the chunks that were written and wait, this response's among them. */
export function waitingChunks(res: ServerResponse, corkedSocket: Socket | undefined): Buffered[] {
  return (corkedSocket ? corkedSocket.writableBuffer : (res as NodeResponse).outputData) ?? []
}

/** Returns the text of a chunk; undefined for bytes. */
export function textOf({ chunk, data }: Buffered): string | undefined {
  const content = chunk ?? data
  return typeof content === 'string' ? content : undefined
}

/** Replaces the content of a chunk that waits. */
export function setContent(entry: Buffered, content: unknown): void {
  if (entry.chunk === undefined) entry.data = content
  else entry.chunk = content
}

/** Returns the symbol of a private field of Node's response, such as `kBytesWritten`: the bytes of its body so far. */
export function privateField(res: ServerResponse, name: string): symbol | undefined {
  return Object.getOwnPropertySymbols(res).find(({ description }) => description === name)
}

/** Returns the value of such a field. */
export function readPrivateNumber(res: ServerResponse, name: string): number {
  const symbol = privateField(res, name)
  return symbol ? Number(Reflect.get(res, symbol)) : 0
}
