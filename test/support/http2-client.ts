import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { onTestFinished } from 'vitest'

export interface Http2Response {
  status: number
  headers: IncomingHttpHeaders
  content: string
}

/** Opens an HTTP/2 connection over TCP; each request gives the headers and the content received so far. */
export function connectHttp2(port: number) {
  const client = connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => client.destroy())
  return { request: (method: string, path: string, cookie?: string) => open(client, method, path, cookie) }
}

function open(client: ClientHttp2Session, method: string, path: string, cookie?: string) {
  const headers = { ':method': method, ':path': path, ...(cookie && { cookie }) }
  const stream = client.request(headers).setEncoding('latin1')
  const seen = { headers: undefined as IncomingHttpHeaders | undefined, content: '' }
  const head = new Promise<IncomingHttpHeaders>((resolve) => {
    stream.on('response', (incoming) => {
      seen.headers = incoming
      resolve(incoming)
    })
  })
  const response = new Promise<Http2Response>((resolve, reject) => {
    stream.on('data', (text) => {
      seen.content += text
    })
    stream.on('end', async () => {
      const incoming = await head
      resolve({ status: Number(incoming[':status']), headers: incoming, content: seen.content })
    })
    stream.on('error', reject)
  })
  response.catch(() => {})
  return { seen, head, response, abort: () => stream.close(8) }
}
