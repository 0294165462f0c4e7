import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import express from 'express'
import express4 from 'express4'
import supertest from 'supertest'
import type { Session, Store } from '../../src'

/** The session data of the tests' apps. */
export interface TestData {
  user?: string
  views?: number
  value?: unknown
}

export type Req = IncomingMessage & {
  session: Session & TestData
  sessionID: string
  sessionStore: Store
  secret?: unknown
  secure?: boolean
}
export type Res = ServerResponse
export type Next = (err?: unknown) => void
export type Layer = (req: Req, res: Res, next: Next) => unknown

export type App = ReturnType<Host['serve']>
export type Host = ReturnType<typeof createHost>

type Compose = (layers: Layer[], onError: (err: Error, res: Res) => void) => RequestListener

export const express5Host = createHost('Express 5', (layers, onError) => useAll(express(), layers, onError))
export const express4Host = createHost('Express 4', (layers, onError) => useAll(express4(), layers, onError))
export const nodeHost = createHost('node:http', chain)
export const http2Host = createHost('HTTP/2', chain, true)

export const hosts = [express5Host, express4Host, nodeHost, http2Host]

/** Serves the layers with Express 5; the last one answers. */
export const serve = express5Host.serve

function createHost(name: string, compose: Compose, http2 = false) {
  return {
    name,
    /** Returns an app that supertest starts for each request; `errors` has the errors that reached the error handler. */
    serve(...layers: Layer[]) {
      const errors: Error[] = []
      const listener = compose(layers, (err, res) => {
        errors.push(err)
        if (res.headersSent) return
        res.statusCode = 500
        res.end(err.message)
      })
      const server = http2
        ? createHttp2Server(listener as never)
        : createServer({ maxHeaderSize: 128 * 1024 }, listener)
      const client = supertest(server as never, { http2 })
      return {
        server,
        errors,
        get: (path = '/', cookie?: string) => withCookie(client.get(path), cookie),
      }
    },
  }
}

function withCookie(test: supertest.Test, cookie: string | undefined) {
  return cookie === undefined ? test : test.set('Cookie', cookie)
}

function useAll(app: express.Express, layers: Layer[], onError: (err: Error, res: Res) => void) {
  for (const layer of layers) app.use(layer as express.RequestHandler)
  app.use(((err, _req, res, _next) => onError(err, res)) satisfies express.ErrorRequestHandler)
  return app as unknown as RequestListener
}

function chain(layers: Layer[], onError: (err: Error, res: Res) => void): RequestListener {
  return (req, res) => {
    let index = 0
    const next: Next = (err) => {
      if (err) return onError(err as Error, res)
      try {
        layers[index++]?.(req as Req, res, next)
      } catch (thrown) {
        onError(thrown as Error, res)
      }
    }
    next()
  }
}
