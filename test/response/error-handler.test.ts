import { createServer } from 'node:http'
import express from 'express'
import express4 from 'express4'
import { describe, expect, it } from 'vitest'
import type { Layer } from '../support/app'
import { codeOf } from '../support/code-of'
import { signedCookie } from '../support/cookies'
import { expectHeld } from '../support/expect-held'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { connect, rawRequest } from '../support/raw-client'
import { headerValues } from '../support/raw-response'
import { record } from '../support/records'
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

describe.each(http1Hosts)('a response whose head Node refuses to build, on $name', (host) => {
  const again: Layer = (req, res) => {
    res.statusCode = 9999
    const code = codeOf(() => res.end('x'))
    req.session.value = code
    res.statusCode = 500
    res.end('sorry')
  }

  it.each([
    ['a stored session', `Cookie: ${signedCookie('a')}`],
    ['a new session', 'X-No: cookie'],
  ])('becomes another one, and what its handler then does to %s is saved', async (_which, header) => {
    const { port, store } = await startSessionApp({ host }, again)
    store.put('a', record())
    const response = await rawRequest(port, 'GET /', header)
    expect(response).toMatchObject({ status: 500, content: 'sorry' })
    const values = [...store.records.values()].map((json) => JSON.parse(json).value)
    expect(values).toContain('ERR_HTTP_INVALID_STATUS_CODE')
  })
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
