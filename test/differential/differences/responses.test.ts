import { createServer } from 'node:http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import type { Layer } from '../../support/app'
import { answer } from '../../support/handlers'
import { compare } from '../../support/implementations'
import { listen } from '../../support/listen'
import { connect } from '../../support/raw-client'
import { roundTrip } from '../../support/round-trip'
import { logIn, startSessionApp } from '../../support/session-app'
import { SETTINGS } from '../../support/settings'
import { createStore } from '../../support/store'
import { visit } from './visit'

describe('a plain end', () => {
  it('keeps the Content-Length that Node sets', async () => {
    const length = await compare(async (session) => {
      return (await visit(session, {}, logIn, answer)).res.headers['content-length'] ?? 'none'
    })
    expect(length).toEqual({ ours: '2', upstream: 'none' })
  })
})

describe('a response that streams', () => {
  const stream: Layer = (_req, res) => void res.write('first')

  it('saves its session when the headers are sent', async () => {
    const methods = await compare(async (session) => {
      const { port, store } = await startSessionApp({ session }, logIn, stream)
      await (await connect(port)).request('GET /').text('first')
      return store.methods()
    })
    expect(methods).toEqual({ ours: ['set'], upstream: [] })
  })

  it('saves changes after the headers when it ends', async () => {
    const late: Layer = (req, res) => {
      res.write('first')
      setImmediate(() => {
        req.session.value = 'late'
        res.end()
      })
    }
    const methods = await compare(async (session) => (await visit(session, {}, logIn, late)).methods)
    expect(methods).toEqual({ ours: ['set', 'set'], upstream: ['set'] })
  })

  it('saves changes after the headers when the client disconnects', async () => {
    const stored = await compare(async (session) => {
      let closed = () => {}
      const gone = new Promise<void>((resolve) => {
        closed = resolve
      })
      const { port, store } = await startSessionApp({ session }, logIn, (req, res) => {
        res.once('close', closed)
        res.write('first')
        setImmediate(() => {
          req.session.value = 'late'
          res.write('second')
        })
      })
      const client = (await connect(port)).request('GET /')
      await client.text('second')
      client.abort()
      await gone
      await roundTrip()
      return [...store.records.values()].some((json) => json.includes('late'))
    })
    expect(stored).toEqual({ ours: true, upstream: false })
  })
})

describe('an error of the store', () => {
  it('costs no later request its response: the client knows that the connection ends', async () => {
    const heads = await compare(async (session) => {
      const store = createStore(session)
      store.fail('set', new Error('full'))
      const app = express().use(session({ ...SETTINGS, store }) as never, logIn as never, answer as never)
      const client = (await connect(await listen(createServer(app)))).request('GET /')
      await client.close()
      const [head = ''] = client.received.split('\r\n\r\n')
      return [head.split('\r\n')[0], /^Connection: (.*)$/m.exec(head)?.[1]]
    })
    const status = 'HTTP/1.1 200 OK'
    expect(heads).toEqual({ ours: [status, 'close'], upstream: [status, 'keep-alive'] })
  })
})
