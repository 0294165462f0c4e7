import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import express from 'express'

export interface Load {
  /** The Cookie headers of the clients, which send requests in turn. */
  cookies: ReadonlyArray<string | undefined>
  requests: number
  /** The number of simultaneous keep-alive connections. */
  connections: number
  /** Called with each response, and with the number of the client that gets it. */
  onResponse?: (res: ServerResponse, client: number) => void
}

let setPrototypes = (_req: IncomingMessage, _res: ServerResponse) => {}

/**
 * Gives all later requests and responses the prototypes of an Express app. Up to Node 22, V8 then needs more than a
 * microsecond to add a property to one.
 */
export function useExpressObjects() {
  const app = express()
  setPrototypes = (req, res) => {
    Object.setPrototypeOf(req, app.request)
    Object.setPrototypeOf(res, app.response)
  }
}

/** Calls the listener with request and response objects of node:http, without a network. */
export function drive(listener: RequestListener, { cookies, requests, connections, onResponse }: Load) {
  return new Promise<void>((resolve) => {
    let started = 0
    let finished = 0
    const startNext = (wire: Wire) => {
      if (started === requests) return
      const client = started++ % cookies.length
      const { req, res } = createExchange(wire, cookies[client])
      res.once('finish', () => {
        onResponse?.(res, client)
        res.detachSocket(wire.asSocket())
        if (++finished === requests) resolve()
        else startNext(wire)
      })
      listener(req, res)
    }
    for (let i = 0; i < Math.min(connections, requests); i++) startNext(new Wire())
  })
}

/** Sends one request and resolves to the whole response as text. */
export async function exchange(listener: RequestListener, cookie?: string) {
  const wire = new Wire()
  const { req, res } = createExchange(wire, cookie)
  const bytes: Buffer[] = []
  wire.onChunk = (chunk) => bytes.push(chunk)
  const finished = new Promise((resolve) => res.once('finish', resolve))
  listener(req, res)
  await finished
  return Buffer.concat(bytes).toString('latin1')
}

export function createExchange(wire: Wire, cookie: string | undefined) {
  const req = new IncomingMessage(wire.asSocket())
  req.method = 'GET'
  req.url = '/'
  req.httpVersion = '1.1'
  req.httpVersionMajor = 1
  req.httpVersionMinor = 1
  req.headers = { host: '127.0.0.1', 'user-agent': 'bench', accept: '*/*' }
  if (cookie !== undefined) req.headers.cookie = cookie
  const res = new ServerResponse(req)
  res.assignSocket(wire.asSocket())
  setPrototypes(req, res)
  return { req, res }
}

export class Wire extends Duplex {
  onChunk: (chunk: Buffer) => void = () => {}

  asSocket() {
    return this as unknown as Socket
  }

  override _read() {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void) {
    this.onChunk(chunk)
    done()
  }
}
