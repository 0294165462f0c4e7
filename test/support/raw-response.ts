/** A received HTTP/1 response: `body` is as sent, with chunk framing; `content` is without it. */
export interface RawResponse {
  status: number
  statusLine: string
  headers: [name: string, value: string][]
  body: string
  content: string
}

interface Framed {
  response: RawResponse
  rest: string
}

/** Parses the first response in `text` (latin1); undefined while it is incomplete. */
export function takeResponse(text: string, method: string, ended: boolean): Framed | undefined {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined

  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const headers = lines.map(splitHeader)
  const tail = text.slice(headEnd + 4)
  const body = takeBody(tail, { bodiless: isBodiless(method, status), headers, ended })
  if (!body) return undefined

  return { response: { status, statusLine, headers, ...body }, rest: tail.slice(body.body.length) }
}

export function headerValues(response: RawResponse, name: string): string[] {
  return response.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}

function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || status < 200
}

interface Framing {
  bodiless: boolean
  headers: [string, string][]
  ended: boolean
}

function takeBody(tail: string, { bodiless, headers, ended }: Framing) {
  if (bodiless) return { body: '', content: '' }

  const find = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
  const length = find('content-length')
  if (find('transfer-encoding') === 'chunked') return takeChunks(tail)
  if (length !== undefined) return takeLength(tail, Number(length))
  return ended ? { body: tail, content: tail } : undefined
}

function takeLength(tail: string, length: number) {
  const body = tail.slice(0, length)
  return body.length === length ? { body, content: body } : undefined
}

function takeChunks(tail: string) {
  let content = ''
  for (let at = 0; ; ) {
    const lineEnd = tail.indexOf('\r\n', at)
    const size = Number.parseInt(tail.slice(at, lineEnd), 16)
    if (lineEnd === -1) return undefined
    if (size === 0) return takeTrailers(tail, lineEnd, content)
    content += tail.slice(lineEnd + 2, lineEnd + 2 + size)
    at = lineEnd + 4 + size
    if (at > tail.length) return undefined
  }
}

function takeTrailers(tail: string, lineEnd: number, content: string) {
  const end = tail.indexOf('\r\n\r\n', lineEnd)
  return end === -1 ? undefined : { body: tail.slice(0, end + 4), content }
}
