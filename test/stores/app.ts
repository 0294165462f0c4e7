import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { SessionOptions } from '../../src'
import type { SessionModule } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import type { AnyStore } from './contract'
import { routes } from './routes'

/** In milliseconds: longer than any scenario takes on a busy machine. */
export const MAX_AGE = 600_000

export interface TestApp {
  origin: string
  /** The errors that reached the error handler. */
  errors: Error[]
  /** Runs in a request to /interrupted, after its session was loaded and before it is saved. */
  meanwhile: () => Promise<void>
  close(): Promise<void>
}

/** Starts an Express app with the store; below /rolling its cookie is sent with each response. */
export async function startApp(
  session: SessionModule,
  store: AnyStore,
  more: Partial<SessionOptions> = {},
): Promise<TestApp> {
  const errors: Error[] = []
  const options = { ...SETTINGS, store, cookie: { maxAge: MAX_AGE }, ...more } as unknown as SessionOptions
  const app = express()
  const running = { ...(await listen(app)), errors, meanwhile: async () => {} }
  const router = routes(() => running.meanwhile())
  app.use('/rolling', session({ ...options, rolling: true }) as unknown as RequestHandler, router)
  app.use(session(options) as unknown as RequestHandler, router)
  app.use(((err, _req, res, _next) => {
    errors.push(err)
    if (!res.headersSent) res.status(503).json({ error: err.message })
  }) satisfies ErrorRequestHandler)
  return running
}

async function listen(app: Express) {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
