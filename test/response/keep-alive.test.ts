import { describe, expect, it } from 'vitest'
import type { Layer } from '../support/app'
import { expectHeld } from '../support/expect-held'
import { connect } from '../support/raw-client'
import { http1Hosts, logIn, sessionCookie, startSessionApp } from '../support/session-app'

const echo: Layer = (req, res) => {
  let body = ''
  req.on('data', (chunk) => {
    body += chunk
  })
  req.on('end', () => res.end(`${req.url} ${body}`))
}

const countOnce: Layer = (req, res) => {
  req.session.views = (req.session.views ?? 0) + 1
  res.end(`${req.url} ${req.session.views}`)
}

describe.each(http1Hosts)('one connection on $name', (host) => {
  it('carries one request after another', async () => {
    const { port } = await startSessionApp({ host }, countOnce)
    const client = await connect(port)
    const first = await client.request('GET /1').response()
    const cookie = sessionCookie(first)
    const second = await client.request('GET /2', cookie).response()
    const third = await client.request('HEAD /3', cookie).response()
    const fourth = await client.request('GET /4', cookie).response()
    expect([first, second, third, fourth].map(({ content }) => content)).toEqual(['/1 1', '/2 2', '', '/4 4'])
    expect(client.closed).toBe(false)
  })

  it('answers pipelined requests completely and in order', async () => {
    const { port, store } = await startSessionApp({ host }, countOnce)
    const client = (await connect(port)).request('GET /1').request('GET /2').request('GET /3')
    const contents = [await client.response(), await client.response(), await client.response()]
    expect(contents.map(({ content }) => content)).toEqual(['/1 1', '/2 1', '/3 1'])
    expect(store.records.size).toBe(3)
  })

  it('sends pipelined responses after the one whose session is being saved', async () => {
    const { port, store } = await startSessionApp(
      { host },
      (req, res, next) => (req.url === '/1' ? logIn(req, res, next) : next()),
      (req, res) => res.end(req.url),
    )
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /1').request('GET /2')
    await expectHeld(client, write)
    expect([(await client.response()).content, (await client.response()).content]).toEqual(['/1', '/2'])
  })

  it('carries requests with bodies', async () => {
    const { port } = await startSessionApp({ host }, logIn, echo)
    const client = await connect(port)
    client.request('POST /1', 'Content-Length: 5').write('hello')
    client.request('POST /2', 'Transfer-Encoding: chunked').write('3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n')
    expect([(await client.response()).content, (await client.response()).content]).toEqual([
      '/1 hello',
      '/2 hello',
    ])
  })

  it('stays usable after a handler answers before it has read the request body', async () => {
    const { port } = await startSessionApp({ host }, logIn, (req, res) => res.end(req.url))
    const client = await connect(port)
    client.request('POST /1', 'Content-Length: 5').write('hello')
    expect((await client.response()).content).toBe('/1')
    expect((await client.request('GET /2').response()).content).toBe('/2')
  })
})
