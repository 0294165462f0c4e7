import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

type Headers = OutgoingHttpHeaders | unknown[] | undefined

/**
 * `writeHead(200, [['Set-Cookie', 'a'], ['Set-Cookie', 'b']])` sends both in Node. on-headers sets one after the
 * other and so keeps the last; it is given each name once, with all of its values.
 */
export function keepRepeatedHeaders(res: ServerResponse): void {
  const writeHead = res.writeHead as (...args: unknown[]) => ServerResponse
  res.writeHead = ((status: number, reason?: string | Headers, headers?: Headers) =>
    typeof reason === 'string'
      ? writeHead.call(res, status, reason, merge(headers))
      : writeHead.call(res, status, merge(headers ?? reason))) as typeof res.writeHead
}

function merge(headers: Headers): Headers {
  if (!Array.isArray(headers) || !Array.isArray(headers[0])) return headers
  const merged = new Map<string, [name: string, values: string[]]>()
  for (const [name, value] of headers as [string, string | string[]][]) {
    const known = merged.get(name.toLowerCase())
    if (known) known[1].push(...[value].flat())
    else merged.set(name.toLowerCase(), [name, [value].flat()])
  }
  return Object.fromEntries(
    [...merged.values()].map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  )
}
