import { afterEach, describe, expect, it } from 'vitest'
import { createSessions, stores } from './adapter-app'

interface Instance {
  register(plugin: unknown): Promise<void>
  use(...handlers: unknown[]): void
  get(path: string, handler: (request: { raw: { session: object } }) => unknown): void
  listen(options: object): Promise<string>
  close(): Promise<void>
}

const fastify = require('fastify') as () => Instance
const plugins = {
  '@fastify/express': require('@fastify/express'),
  '@fastify/middie': require('@fastify/middie'),
}
const running: Instance[] = []

afterEach(async () => {
  for (const app of running.splice(0)) await app.close()
})

describe.each(Object.entries(plugins))('%s', (_name, plugin) => {
  describe.each(Object.entries(stores))('with %s', (_store, makeStore) => {
    it('sends the whole response of a route of Fastify, with its cookie', async () => {
      const url = await start(plugin, makeStore())
      const response = await fetch(`${url}/`)
      expect([response.status, await response.json()]).toEqual([200, { ok: true }])
      expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^connect\.sid=/)])
    })

    it('answers and goes on after a session that cannot be saved', async () => {
      const url = await start(plugin, makeStore())
      const failed = await fetch(`${url}/fault`)
      await failed.text()
      expect((await fetch(`${url}/`)).status).toBe(200)
    })

    it('sends the whole response of a handler that calls end', async () => {
      const url = await start(plugin, makeStore())
      const response = await fetch(`${url}/handler`)
      expect([response.status, await response.text()]).toEqual([200, 'handler'])
    })
  })
})

async function start(plugin: unknown, store: object): Promise<string> {
  const app = fastify()
  running.push(app)
  await app.register(plugin)
  app.use(createSessions(store))
  app.use('/handler', (req: { session: object }, res: { end(text: string): void }) => {
    Object.assign(req.session, { user: 'ada' })
    res.end('handler')
  })
  app.get('/', async ({ raw: { session } }) => Object.assign(session, { user: 'ada' }) && { ok: true })
  app.get('/fault', async ({ raw: { session } }) => Object.assign(session, { value: 1n }) && 'text')
  return app.listen({ port: 0, host: '127.0.0.1' })
}
