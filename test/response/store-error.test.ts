import { createServer } from 'node:http'
import express from 'express'
import express4 from 'express4'
import { describe, expect, it } from 'vitest'
import type { Layer, Res } from '../support/app'
import { ours, type SessionModule, upstream } from '../support/implementations'
import { libraries } from '../support/libraries'
import { listen } from '../support/listen'
import { connect, rawRequest } from '../support/raw-client'
import { headerValues } from '../support/raw-response'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, sessionCookie, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const methods = ['set', 'touch', 'destroy'] as const
const steer: Layer = (req, _res, next) => {
  if (req.url === '/set') req.session.user = 'ada'
  if (req.url === '/change') req.session.views = 1
  if (req.url === '/destroy') Object.assign(req, { session: null })
  next()
}

const answer: Layer = (req, res) => res.end(`answer to ${req.url}`)

describe.each(libraries)('a store that fails, with $library', ({ session }) => {
  describe.each(http1Hosts)('on $name', (host) => {
    it.each(methods)(
      'in %s does not change the response and passes the error to the error handler',
      async (method) => {
        const options = { unset: 'destroy' } as const
        const { port, store, errors } = await startSessionApp({ host, session, options }, steer, answer)
        const cookie = sessionCookie(await rawRequest(port, 'GET /set'))
        store.fail(method, new Error('store is down'))
        const client = await connect(port)
        const response = await client
          .request(`GET /${method === 'set' ? 'change' : method}`, cookie)
          .response()
        expect(response).toMatchObject({ status: 200, content: expect.stringContaining('answer to') })
        await roundTrip()
        expect(errors.map(({ message }) => message)).toEqual(['store is down'])
        expect((await rawRequest(port, 'GET /next')).status).toBe(200)
      },
    )

    it('does not remove the cookie of a new session', async () => {
      const { port, store } = await startSessionApp({ host, session }, steer, answer)
      store.fail('set', new Error('store is down'))
      expect(headerValues(await rawRequest(port, 'GET /set'), 'set-cookie')).toHaveLength(1)
    })
  })
})

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])("%s's default error handler", (_name, framework) => {
  it.each(['GET /set', 'POST /set', 'HEAD /set'])(
    'destroys no part of a response, and the client knows that the connection ends: %s',
    async (target) => {
      const client = await connectToFailing(ours, framework)
      const response = await client.request(target).response()
      expect(response.content).toBe(target.startsWith('HEAD') ? '' : '/set')
      expect(headerValues(response, 'connection')).toEqual(['close'])
      expect(headerValues(response, 'keep-alive')).toEqual([])
      await client.close()
    },
  )

  it('answers no pipelined request after a response that ends the connection', async () => {
    const client = await connectToFailing(ours, framework)
    expect(await responsesUntilClose(client.request('GET /set').request('GET /next'))).toEqual(['/set'])
  })

  it('closes the connection before the next response in express-session', async () => {
    const client = await connectToFailing(upstream, framework)
    expect(await responsesUntilClose(client.request('GET /set').request('GET /next'))).toEqual(['/set'])
  })
})

describe('an error handler that writes without checking headersSent', () => {
  const careless: Record<string, (res: Res) => unknown> = {
    write: (res) => res.write('sorry'),
    end: (res) => res.end('sorry'),
    'write and end': (res) => {
      res.write('sorry')
      res.end('sorry')
    },
  }

  it.each(Object.entries(careless))(
    'is called once, and cannot change the body with %s',
    async (_call, respond) => {
      const seen: unknown[] = []
      const client = await connectToFailing(ours, express, (res, failure) => {
        seen.push(failure.message)
        res.on('error', (err) => seen.push(err))
        respond(res)
      })
      expect((await client.request('GET /set').response()).content).toBe('/set')
      await client.close()
      expect(client.received.endsWith('\r\n\r\n/set')).toBe(true)
      await roundTrip()
      expect(seen).toEqual(['store is down'])
    },
  )
})

/** Answers /next after an earlier request has failed. */
const answerNextLater: Layer = async (req, res) => {
  if (req.url === '/next') await roundTrip(5)
  res.end(req.url)
}

async function connectToFailing(
  session: SessionModule,
  framework: typeof express,
  onError?: (res: Res, err: Error) => void,
) {
  const store = createStore(session)
  store.fail('set', new Error('store is down'))
  const app = framework().set('env', 'test')
  app.use(session({ ...SETTINGS, store }) as express.RequestHandler)
  app.use(steer as unknown as express.RequestHandler)
  app.use(answerNextLater as unknown as express.RequestHandler)
  if (onError) app.use(((err, _req, res, _next) => onError(res, err)) satisfies express.ErrorRequestHandler)
  return connect(await listen(createServer(app)))
}

async function responsesUntilClose(client: Awaited<ReturnType<typeof connect>>) {
  const paths: string[] = []
  for (const _request of [1, 2]) {
    const response = await client.response().catch(() => undefined)
    if (!response) break
    paths.push(response.content)
  }
  return paths
}
