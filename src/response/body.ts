import type { ServerResponse } from 'node:http'
import { types } from 'node:util'
import type { Done } from '../types'
import { errorOf } from './freeze'
import { readPrivateNumber } from './node-response'
import type { EndArguments } from './response-head'

/** Returns whether Node accepts these arguments of `end`. If not, Node's `end` throws and the response stays open. */
export function isAccepted(res: ServerResponse, args: EndArguments): boolean {
  return isSendable(args) && !(res.strictContentLength && isLengthWrong(res, args))
}

function isSendable([chunk, encoding]: EndArguments): boolean {
  if (typeof chunk === 'string') return typeof encoding !== 'string' || Buffer.isEncoding(encoding)
  return chunk === undefined || chunk === null || typeof chunk === 'function' || types.isUint8Array(chunk)
}

/** Returns whether the body differs in length from an explicit Content-Length, which `strictContentLength` forbids. */
function isLengthWrong(res: ServerResponse, [chunk, encoding]: EndArguments): boolean {
  const length = announcedLength(res)
  return (
    length !== undefined &&
    readPrivateNumber(res, 'kBytesWritten') + lengthOf(chunk, encoding) !== length &&
    hasBody(res)
  )
}

/** Returns the explicit Content-Length of a response. */
export function announcedLength(res: ServerResponse): number | undefined {
  const header = res.getHeader('Content-Length')
  return header === undefined ? lengthInHead(res) : Number(header)
}

/** `writeHead(200, { 'Content-Length': 3 })` may leave the header in the built head alone. */
function lengthInHead(res: ServerResponse): number | undefined {
  const [, length] = /\r\nContent-Length: *(\d+)/i.exec(String(Reflect.get(res, '_header') ?? '')) ?? []
  return length === undefined ? undefined : Number(length)
}

/** Returns whether the response to this request has a body (RFC 9110, 6.4.1). */
export function hasBody({ req, statusCode }: ServerResponse): boolean {
  return req?.method !== 'HEAD' && statusCode >= 200 && statusCode !== 204 && statusCode !== 304
}

/** Returns the length of a chunk in bytes. */
export function lengthOf(chunk: unknown, encoding: EndArguments[1]): number {
  if (typeof chunk === 'string') {
    return Buffer.byteLength(chunk, typeof encoding === 'string' ? encoding : undefined)
  }
  return types.isUint8Array(chunk) ? chunk.byteLength : 0
}

/** Returns the arguments for an `end` that comes too late: no chunk, and a callback that gets the error if there was one. */
export function withoutChunk(args: EndArguments): EndArguments {
  const callback = args.find((arg) => typeof arg === 'function') as Done | undefined
  if (!callback) return []
  const hasChunk = typeof args[0] !== 'function' && args[0] !== undefined && args[0] !== null
  return [hasChunk ? () => callback(errorOf('ERR_STREAM_WRITE_AFTER_END', 'write after end')) : callback]
}
