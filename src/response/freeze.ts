import type { ServerResponse } from 'node:http'
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

/**
 * The members of a response that has ended. Code that asks `res.finished` may still write while the end is held, and even
 * later in a pipe. Node's 'error' event for it would end the process, so writes are ignored.
 */
export const AFTER_END = { write: ignoreWrite, flushHeaders: ignoreFlush }

/** The members of a response that has ended, and must read as sent though its head is not built yet. */
export const AFTER_UNSENT_END = {
  ...AFTER_END,
  headersSent: true,
  setHeader: refuseHeaders('set'),
  setHeaders: refuseHeaders('set'),
  appendHeader: refuseHeaders('append'),
  removeHeader: refuseHeaders('remove'),
  writeHead: refuseHeaders('write'),
}

/** Sets the members of `AFTER_END`, and never puts the original ones back. Cheaper than `freeze`. */
export function freezeForGood(res: ServerResponse): void {
  Object.assign(res, AFTER_END)
}

function ignoreFlush(): void {}

/** Returns true, since a pipe would wait for 'drain' otherwise. Its callback gets the error. */
function ignoreWrite(...args: unknown[]): boolean {
  const callback = args.find((arg) => typeof arg === 'function')
  if (callback) process.nextTick(callback as Done, errorOf('ERR_STREAM_WRITE_AFTER_END', 'write after end'))
  return true
}

function refuseHeaders(verb: string): () => never {
  return () => {
    throw errorOf('ERR_HTTP_HEADERS_SENT', `Cannot ${verb} headers after they are sent to the client`)
  }
}

/** Returns an error that looks like Node's own. */
export function errorOf(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
