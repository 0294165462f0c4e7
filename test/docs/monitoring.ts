import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import type express from 'express'
import supertest from 'supertest'
import { expect, vi } from 'vitest'
import type { Layer } from '../support/app'
import { cookieOf } from '../support/cookies'
import type { SessionModule } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import type { Project } from './project'

const run = promisify(execFile)

/** The program prints the line that the document quotes. */
export async function expectExplained(app: express.Express): Promise<void> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  await supertest(createServer(app)).get('/')
  await vi.waitFor(() => expect(log).toHaveBeenCalledTimes(1))
  const [line] = log.mock.calls[0] as [string]
  log.mockRestore()
  expect(line).toBe(
    'connect.sid: no cookie; MemoryStore not asked; new session; changed: views; save, because it is new, and views has changed; cookie sent, because the session is new for the browser',
  )
}

/** Runs the program in a process of its own, since a process has one tracer provider. */
export async function expectSpans(project: Project, path: string): Promise<void> {
  const main = project.write(
    'trace-a-visit.js',
    `
const api = require('@opentelemetry/api')
const spans = []
const tracer = {
  startSpan(name, { attributes }) {
    const span = { name, attributes, status: undefined, ended: false }
    spans.push(span)
    return {
      setStatus: (status) => { span.status = status },
      setAttributes: (more) => Object.assign(span.attributes, more),
      end: () => { span.ended = true },
    }
  },
}
api.trace.setGlobalTracerProvider({ getTracer: () => tracer })
require(${JSON.stringify(path)})
const session = require('sessionware')
const express = require('express')
const app = express()
app.use(session({ secret: 'a secret', resave: false, saveUninitialized: false }))
app.get('/', (req, res) => { req.session.user = 'ada'; res.end() })
const server = app.listen(0, '127.0.0.1', async () => {
  const url = 'http://127.0.0.1:' + server.address().port
  const first = await fetch(url)
  await fetch(url, { headers: { cookie: first.headers.getSetCookie()[0].split(';')[0] } })
  console.log(JSON.stringify(spans))
  process.exit()
})
`,
  )
  const { stdout } = await run(process.execPath, [main])
  const spans = JSON.parse(stdout)
  const store = { 'session.store': 'MemoryStore' }
  const bytes = expect.any(Number)
  expect(spans).toEqual([
    span('set', { ...store, 'session.outcome': 'written', 'session.bytes': bytes }),
    span('get', { ...store, 'session.outcome': 'found', 'session.bytes': bytes }),
    span('touch', { ...store, 'session.outcome': 'touched' }),
  ])
}

function span(operation: string, attributes: object) {
  const name = `session ${operation}`
  return { name, attributes: { 'db.operation.name': operation, ...attributes }, ended: true }
}

/** Counts the logins, the live sessions and the calls of the store. */
export async function expectMetrics(project: Project, session: SessionModule): Promise<void> {
  const { metrics } = project.require('./metrics.js')
  const store = new session.MemoryStore()
  const app = project.require('express')()
  app.get('/metrics', metrics(store))
  app.use(session({ ...SETTINGS, store, saveMode: 'merge' }))
  app.get('/login', ((req, res) => {
    req.session.user = 'ada'
    res.end()
  }) satisfies Layer)
  app.get('/', ((req, res) => res.end(req.session.user)) satisfies Layer)
  const client = supertest(createServer(app))
  const cookie = cookieOf(await client.get('/login'))
  await client.get('/login')
  await client.get('/').set('Cookie', cookie)
  await vi.waitFor(async () => {
    const { text } = await client.get('/metrics')
    expect(text).toContain('session_live 2\nsession_logins_total 2\n')
    expect(text).toMatch(/session_store_seconds_count\{operation="compareAndSet",outcome="written"\} 2\n/)
    expect(text).toMatch(/session_store_seconds_sum\{operation="get",outcome="found"\} \d\.?\S*\n/)
  })
}
