import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { listen } from '../support/listen'
import { crashesOf } from '../support/outcome'
import { connect, rawRequest } from '../support/raw-client'
import { roundTrip } from '../support/round-trip'
import { createSessions, stores } from './adapter-app'

interface Context {
  path: string
  req: { session: object }
  body: unknown
}

const Koa = require('koa') as new () => {
  silent: boolean
  use(layer: unknown): void
  callback(): RequestListener
}
const fromConnect = require('koa-connect') as (handler: unknown) => unknown
const httpProxy = require('http-proxy') as {
  createProxyServer(options: object): {
    web(req: IncomingMessage, res: ServerResponse): void
    on(...args: unknown[]): void
  }
}

describe.each(Object.entries(stores))('with %s', (_store, makeStore) => {
  it('koa-connect sends the whole response', async () => {
    const response = await rawRequest(await startKoa(makeStore()), 'GET /')
    expect([response.status, response.content]).toEqual([200, '{"ok":true}'])
  })

  it('koa-connect answers when the session cannot be saved, though its next counts once', {
    timeout: 20_000,
  }, async () => {
    const port = await startKoa(makeStore())
    expect((await rawRequest(port, 'GET /fault')).status).toBe(500)
    expect((await rawRequest(port, 'GET /')).status).toBe(200)
  })

  it('http-proxy sends the response of its backend', async () => {
    const { port } = await startProxy(makeStore())
    expect((await rawRequest(port, 'GET /')).content).toBe('backend')
  })

  it.each([0, 1, 5, 20])(
    'http-proxy does no harm to a response that has ended %s turns before',
    async (turns) => {
      const { port, release } = await startProxy(makeStore(), turns)
      const crashes = await crashesOf(async () => {
        const client = (await connect(port)).request('GET /')
        await client.text('early')
        release()
        await roundTrip()
        expect(client.received).not.toContain('backend')
      })
      expect(crashes).toEqual([])
    },
  )
})

function startKoa(store: object): Promise<number> {
  const app = new Koa()
  app.silent = true
  app.use(fromConnect(createSessions(store)))
  app.use((context: Context) => {
    Object.assign(context.req.session, context.path === '/fault' ? { value: 1n } : { user: 'ada' })
    context.body = { ok: true }
  })
  return listen(createServer(app.callback()))
}

/** A proxy behind the session. With `turns`, the response ends so many turns after the proxy has begun. */
async function startProxy(store: object, turns?: number) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const backend = await listen(
    createServer(async (_req, res) => {
      if (turns !== undefined) await released
      res.end('backend')
    }),
  )
  const proxy = httpProxy.createProxyServer({ target: `http://127.0.0.1:${backend}` })
  proxy.on('error', () => {})
  const app = express().set('env', 'test')
  app.use(createSessions(store), (req, res) => {
    Object.assign(req.session, { user: 'ada' })
    proxy.web(req, res)
    if (turns !== undefined) later(turns, () => res.end('early'))
  })
  return { port: await listen(createServer(app)), release }
}

function later(turns: number, work: () => void): void {
  if (turns === 0) work()
  else setImmediate(() => later(turns - 1, work))
}
