import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

type Headers = OutgoingHttpHeaders | unknown[] | undefined

/**
 * `writeHead(200, [['Set-Cookie', 'a'], ['Set-Cookie', 'b']])` sends both in Node. on-headers sets one after the
 * other, which keeps the last; so it is given each name once, with all of its values.
 */
export function keepRepeatedHeaders(writeHead: ServerResponse['writeHead']) {
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
