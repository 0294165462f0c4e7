import { createServer } from 'node:http'
import express from 'express'
import express4 from 'express4'
import { describe, expect, it } from 'vitest'
import type { Layer } from '../support/app'
import { expectHeld } from '../support/expect-held'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { connect } from '../support/raw-client'
import { headerValues } from '../support/raw-response'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const failures: Record<string, Layer> = {
  throws: () => {
    throw new Error('handler broke')
  },
  'calls next with an error': (_req, _res, next) => next(new Error('handler broke')),
  'calls next with an error later': (_req, _res, next) => void setImmediate(next, new Error('handler broke')),
}

describe.each(http1Hosts)('a handler that fails on $name', (host) => {
  it.each(Object.entries(failures))(
    'and %s gets the response of the error handler, with its session saved',
    async (_how, fail) => {
      const { port, store, errors } = await startSessionApp({ host }, logIn, fail)
      const write = store.hold('set')
      const client = (await connect(port)).request('GET /')
      await expectHeld(client, write)
      const response = await client.response()
      expect(response).toMatchObject({ status: 500, content: 'handler broke' })
      expect(headerValues(response, 'set-cookie')).toHaveLength(1)
      expect(errors).toHaveLength(1)
    },
  )
})

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])("%s's own error handler", (_name, framework) => {
  it('sends its response with the session saved', async () => {
    const store = createStore()
    const app = framework().set('env', 'test')
    app.use(ours({ ...SETTINGS, store }) as express.RequestHandler)
    app.use(logIn as unknown as express.RequestHandler, () => {
      throw new Error('handler broke')
    })
    const client = await connect(await listen(createServer(app)))
    expect((await client.request('GET /').response()).status).toBe(500)
    expect((await client.request('GET /').response()).status).toBe(500)
    expect(store.records.size).toBe(2)
  })
})
