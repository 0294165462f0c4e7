import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import {
  type NodeResponse,
  privateField,
  readPrivateNumber,
  setContent,
  textOf,
  waitingChunks,
} from './node-response'

/**
 * Takes back the built head of an HTTP/1 response, and the part of its body that waits with it, so that another response
 * can be made. Returns false if a part was sent. Used only after a failed save with `failOnSaveError`.
 */
export function takeBackHead(res: ServerResponse, corkedSocket: Socket | undefined): boolean {
  const node = res as NodeResponse
  // After `res.cork()` Node keeps a part of the body in a private place.
  if (typeof node._header !== 'string' || readPrivateNumber(res, 'kChunkedLength') > 0) return false
  if (node._headerSent && !eraseChunks(res, node._header, corkedSocket)) return false
  node._header = null
  node._headerSent = node._last = node.chunkedEncoding = false
  node._contentLength = null
  node._trailer = ''
  node._hasBody = res.req?.method !== 'HEAD'
  const counter = privateField(res, 'kBytesWritten')
  if (counter) Reflect.set(res, counter, 0)
  return true
}

/** Empties the chunks that wait, from this response's head on. Returns false if there is no head: it was sent. */
function eraseChunks(res: ServerResponse, head: string, corkedSocket: Socket | undefined): boolean {
  const waiting = waitingChunks(res, corkedSocket)
  const start = waiting.findIndex((entry) => textOf(entry)?.startsWith(head))
  if (start === -1) return false
  for (const entry of waiting.slice(start)) {
    setContent(entry, textOf(entry) === undefined ? Buffer.alloc(0) : '')
  }
  // A socket subtracts what it has counted only from several chunks that it writes at once.
  corkedSocket?.write('')
  return true
}
