import { describe, expect, it } from 'vitest'
import { createAdapterApp, pages, stores } from './adapter-app'

interface Answer {
  statusCode: number
  body: string
  cookies?: string[]
  multiValueHeaders?: Record<string, string[]>
  headers?: Record<string, unknown>
}
type Handler = (event: object, context: object) => Promise<Answer>

const vendia = require('@vendia/serverless-express') as (options: object) => Handler
const serverless = require('serverless-http') as (app: object) => Handler

/** An event of Amazon API Gateway, payload version 2.0. */
function eventOf(path: string) {
  const http = { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' }
  const headers = { host: 'localhost', accept: '*/*' }
  const route = { routeKey: '$default', rawPath: path, rawQueryString: '', isBase64Encoded: false }
  return {
    version: '2.0',
    ...route,
    headers,
    requestContext: { http, domainName: 'localhost', stage: '$default' },
  }
}

const adapters: Record<string, (app: object) => Handler> = {
  '@vendia/serverless-express': (app) => vendia({ app }),
  'serverless-http': (app) => serverless(app),
}

describe.each(Object.entries(adapters))('%s', (_name, adapt) => {
  describe.each(Object.entries(stores))('with %s', (_store, makeStore) => {
    it.each(pages)('gets the whole response of %s', async (path, status, body) => {
      const handler = adapt(createAdapterApp(makeStore()))
      const answer = await handler(eventOf(path), {})
      expect(answer.statusCode).toBe(status)
      expect(answer.body ?? '').toMatch(body)
      if (status < 500) expect(JSON.stringify(answer)).toMatch(/connect\.sid=s%3A/)
    })
  })
})
