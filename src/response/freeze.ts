import { OutgoingMessage, type ServerResponse } from 'node:http'
import type { Done } from '../types'

type Members = Record<string, unknown>

/** What a response must show of itself while its end is held, and whose head is built. */
export const ended = {
  writableEnded: true,
  flushHeaders() {},
  write: refuseWrite,
}

/** The same of one whose head is not built yet, though it has to read as sent. */
export const sent = {
  ...ended,
  headersSent: true,
  setHeader: refuseHeaders('set'),
  setHeaders: refuseHeaders('set'),
  appendHeader: refuseHeaders('append'),
  removeHeader: refuseHeaders('remove'),
  writeHead: refuseHeaders('write'),
}

/** The same over HTTP/2, where a late write that nobody hears of would reset the stream. */
export const sentByHttp2 = { ...sent, write: dropWrite }

/** What an error handler finds that does not know of the response. */
export const deaf = { write: dropWrite }

/**
 * Puts these members in the place of a response's own, and gives what puts those back; the fields that are to be `kept`
 * get the values of now again.
 */
export function seal(
  res: ServerResponse,
  members: Members,
  kept: ('statusCode' | 'statusMessage')[] = [],
): () => void {
  const values = Object.fromEntries(kept.map((name) => [name, res[name]]))
  const before = Object.keys(members).map(
    (name) => [name, Object.getOwnPropertyDescriptor(res, name)] as const,
  )
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(res, name, { value, writable: true, configurable: true, enumerable: false })
  }
  return () => {
    for (const [name, descriptor] of before) {
      // What somebody else has put there since is his.
      if (Object.getOwnPropertyDescriptor(res, name)?.value !== members[name]) continue
      if (descriptor) Object.defineProperty(res, name, descriptor)
      else Reflect.deleteProperty(res, name)
    }
    Object.assign(res, values)
  }
}

const isTrue: PropertyDescriptor = { value: true, configurable: true }

/** Puts for good what `ended` has in the place of Node's: nothing comes after the end of this response but Node's end. */
export function close(res: ServerResponse): void {
  Object.defineProperty(res, 'writableEnded', isTrue)
  res.flushHeaders = ended.flushHeaders
  res.write = ended.write
}

/** In Node's own words for a write after the end. */
function refuseWrite(this: ServerResponse, ...args: unknown[]): boolean {
  if (!(this instanceof OutgoingMessage)) return false
  const { finished } = this
  this.finished = true
  try {
    return Reflect.apply(OutgoingMessage.prototype.write, this, args)
  } finally {
    // A connection whose response is finished is idle for Node, and may be closed.
    this.finished = finished
  }
}

function dropWrite(...args: unknown[]): boolean {
  const callback = args.find((arg) => typeof arg === 'function')
  if (callback) process.nextTick(callback as Done, errorOf('ERR_STREAM_WRITE_AFTER_END', 'write after end'))
  return false
}

function refuseHeaders(verb: string): () => never {
  return () => {
    throw errorOf('ERR_HTTP_HEADERS_SENT', `Cannot ${verb} headers after they are sent to the client`)
  }
}

function errorOf(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
