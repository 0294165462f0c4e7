import { describe, expect, it } from 'vitest'
import type { Host, Layer, Res } from '../support/app'
import { connect } from '../support/raw-client'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, startSessionApp } from '../support/session-app'

const storeBigInt: Layer = (req, _res, next) => {
  req.session.value = 1n
  next()
}

const answers: Record<string, (res: Res) => unknown> = {
  'end()': (res) => res.end(),
  "end('x')": (res) => res.end('x'),
}

const beginnings: Record<string, (res: Res) => unknown> = {
  writeHead: (res) => res.writeHead(200, { 'Content-Length': 1 }),
  flushHeaders: (res) => res.flushHeaders(),
  write: (res) => res.write('first'),
}

describe.each(http1Hosts)('a session that cannot be serialized to JSON, on $name', (host) => {
  it.each(Object.entries(answers))(
    'passes an error to the error handler at %s, and sends the error response',
    async (_what, end) => {
      const { port, errors } = await startSessionApp({ host }, storeBigInt, (_req, res) => end(res))
      const client = await connect(port)
      const response = await client.request('GET /').response()
      expect(response).toMatchObject({ status: 500, content: expect.stringMatching(/BigInt/) })
      expect(errors).toHaveLength(1)
      expect((await client.request('GET /').response()).status).toBe(500)
    },
  )

  it.each(Object.entries(beginnings))(
    'passes an error to the error handler after %s, and the connection is closed',
    async (_what, begin) => {
      const { errors } = await startAndEnd(host, begin)
      expect(errors[0]?.message).toMatch(/BigInt/)
    },
  )

  it.each(Object.entries(beginnings))('is reported once after %s', async (_what, begin) => {
    expect((await startAndEnd(host, begin)).errors).toHaveLength(1)
  })
})

async function startAndEnd(host: Host, begin: (res: Res) => unknown) {
  const app = await startSessionApp({ host }, storeBigInt, (_req, res) => {
    begin(res)
    res.end('x')
  })
  const client = (await connect(app.port)).request('GET /', 'Connection: close')
  await client.close()
  await roundTrip()
  return app
}
