import { OutgoingMessage, type ServerResponse } from 'node:http'
import type { Done } from '../types'

type Members = Record<string, unknown>

/**
 * Replaces members of a response, and returns a function that puts the original ones back. The fields in `kept` get the
 * values back that they have now.
 */
export function freeze(
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
      // Other code has replaced this member since.
      if (Object.getOwnPropertyDescriptor(res, name)?.value !== members[name]) continue
      if (descriptor) Object.defineProperty(res, name, descriptor)
      else Reflect.deleteProperty(res, name)
    }
    Object.assign(res, values)
  }
}

/** The members of a response that has ended, and whose head is built. */
export const AFTER_END = {
  writableEnded: true,
  flushHeaders() {},
  write: refuseWrite,
}

/** The members of a response that must read as sent, though its head is not built yet. */
export const AFTER_HEADERS = {
  ...AFTER_END,
  headersSent: true,
  setHeader: refuseHeaders('set'),
  setHeaders: refuseHeaders('set'),
  appendHeader: refuseHeaders('append'),
  removeHeader: refuseHeaders('remove'),
  writeHead: refuseHeaders('write'),
}

/** The same over HTTP/2, where an error of a late write would reset the stream. */
export const AFTER_HEADERS_HTTP2 = { ...AFTER_HEADERS, write: ignoreWrite }

/** The members of a response whose writes are ignored. */
export const IGNORE_WRITES = { write: ignoreWrite }

const isTrue: PropertyDescriptor = { value: true, configurable: true }

/** Sets the members of `AFTER_END` for good: nothing follows but Node's own end. Cheaper than `freeze`. */
export function freezeForGood(res: ServerResponse): void {
  Object.defineProperty(res, 'writableEnded', isTrue)
  res.flushHeaders = AFTER_END.flushHeaders
  res.write = AFTER_END.write
}

/** Gives Node's own error for a write after the end. */
function refuseWrite(this: ServerResponse, ...args: unknown[]): boolean {
  if (!(this instanceof OutgoingMessage)) return false
  const { finished } = this
  this.finished = true
  try {
    return Reflect.apply(OutgoingMessage.prototype.write, this, args)
  } finally {
    // For Node a connection with a finished response is idle and may be closed.
    this.finished = finished
  }
}

function ignoreWrite(...args: unknown[]): boolean {
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
