import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import express from 'express'

export interface Load {
  /** The Cookie headers of the clients, who take turns. */
  cookies: ReadonlyArray<string | undefined>
  requests: number
  /** Keep-alive connections that work at the same time. */
  connections: number
}

let dress = (_req: IncomingMessage, _res: ServerResponse) => {}

/**
 * From now on requests and responses have the prototypes that an Express app gives them. Up to Node 22 the engine
 * then takes over a microsecond for each property that is added to one.
 */
export function useExpressObjects() {
  const app = express()
  dress = (req, res) => {
    Object.setPrototypeOf(req, app.request)
    Object.setPrototypeOf(res, app.response)
  }
}

/** Sends requests through node:http's own request and response objects, without a network below them. */
export function drive(listener: RequestListener, { cookies, requests, connections }: Load) {
  return new Promise<void>((resolve) => {
    let started = 0
    let finished = 0
    const startNext = (wire: Wire) => {
      if (started === requests) return
      const { req, res } = createExchange(wire, cookies[started++ % cookies.length])
      res.once('finish', () => {
        res.detachSocket(wire.asSocket())
        if (++finished === requests) resolve()
        else startNext(wire)
      })
      listener(req, res)
    }
    for (let i = 0; i < Math.min(connections, requests); i++) startNext(new Wire())
  })
}

/** Sends one request and gives the bytes of the whole response. */
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
  dress(req, res)
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
