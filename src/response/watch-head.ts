import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import onHeaders from 'on-headers'
import { Http1Head } from './http1-head'
import { Http2Head } from './http2-head'
import type { ErrorReporter, ResponseHead } from './response-head'

/**
 * Calls the listener just before the headers are built, and returns the head, for HTTP/1 or HTTP/2.
 */
export function watchHead(res: ServerResponse, listener: () => void, errors: ErrorReporter): ResponseHead {
  onHeaders(res, listener)
  res.writeHead = keepRepeatedHeaders(res.writeHead) as typeof res.writeHead
  return res.req?.httpVersionMajor === 2 ? new Http2Head(res, errors) : new Http1Head(res)
}

type Headers = OutgoingHttpHeaders | unknown[] | undefined

/**
 * Node sends both cookies of `writeHead(200, [['Set-Cookie', 'a'], ['Set-Cookie', 'b']])`. on-headers sets one header
 * after the other, and the last one would win, so it gets each name once, with all of its values.
 */
function keepRepeatedHeaders(writeHead: ServerResponse['writeHead']) {
  const call = writeHead as (...args: unknown[]) => ServerResponse
  return function writeHead(
    this: ServerResponse,
    status: number,
    reason?: string | Headers,
    headers?: Headers,
  ) {
    return typeof reason === 'string'
      ? call.call(this, status, reason, merge(headers))
      : call.call(this, status, merge(headers ?? reason))
  }
}

function merge(headers: Headers): Headers {
  if (!Array.isArray(headers) || !Array.isArray(headers[0])) return headers
  const merged = new Map<string, [name: string, values: unknown[]]>()
  for (const [name, value] of headers as [string, unknown][]) {
    const known = merged.get(name.toLowerCase())
    if (known) known[1].push(...[value].flat())
    else merged.set(name.toLowerCase(), [name, [value].flat()])
  }
  return Object.fromEntries(
    [...merged.values()].map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  ) as OutgoingHttpHeaders
}
