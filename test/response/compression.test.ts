import { gunzipSync } from 'node:zlib'
import compression from 'compression'
import { describe, expect, it } from 'vitest'
import type { Host, Layer, Res } from '../support/app'
import { expectHeld } from '../support/expect-held'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { connect, rawRequest } from '../support/raw-client'
import type { RawResponse } from '../support/raw-response'
import { http1Hosts, logIn } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const compress = compression() as unknown as Layer
const text = 'compressible '.repeat(100)

const answers: Record<string, (res: Res) => unknown> = {
  'a large body': (res) => res.end(text),
  'a small body': (res) => res.end('x'),
  'no body': (res) => res.end(),
  'a body in pieces': (res) => {
    res.write(text)
    res.write(text)
    res.end('x')
  },
  'a body with a length': (res) => res.setHeader('Content-Length', text.length).end(text),
  'a redirect': (res) => res.writeHead(302, { Location: '/home' }).end(),
}

const orders = {
  'compression before the session': (session: Layer) => [compress, session],
  'compression after the session': (session: Layer) => [session, compress],
}

describe.each(http1Hosts)('on $name', (host) => {
  describe.each(Object.entries(orders))('%s', (_order, arrange) => {
    it.each(Object.entries(answers))(
      'sends %s with the same content as without a session',
      async (_what, answer) => {
        const plain = await ask(host, [compress], answer)
        const { response, store } = await askWithSession(host, arrange, answer)
        expect(decode(response)).toEqual(decode(plain))
        expect(response.headers.map(([name]) => name)).toContain('Set-Cookie')
        expect(store.records.size).toBe(1)
      },
    )
  })

  it('sends no compressed byte before the session is saved', async () => {
    const store = createStore()
    const session = ours({ ...SETTINGS, store })
    const { server } = host.serve(compress, session, logIn, (_req, res) =>
      res.setHeader('Content-Type', 'text/plain').end(text),
    )
    const write = store.hold('set')
    const client = (await connect(await listen(server))).request('GET /', 'Accept-Encoding: gzip')
    await expectHeld(client, write)
    expect(decode(await client.response()).content).toBe(text)
  })
})

async function askWithSession(
  host: Host,
  arrange: (session: Layer) => Layer[],
  answer: (res: Res) => unknown,
) {
  const store = createStore()
  const layers = [...arrange(ours({ ...SETTINGS, store })), logIn]
  return { response: await ask(host, layers, answer), store }
}

async function ask(host: Host, layers: Layer[], answer: (res: Res) => unknown) {
  const { server } = host.serve(...layers, (_req, res) => answer(res.setHeader('Content-Type', 'text/plain')))
  return rawRequest(await listen(server), 'GET /', 'Accept-Encoding: gzip')
}

/** Returns the response as a browser sees it: decompressed, and without the headers for length and chunks. */
function decode({ statusLine, headers, content }: RawResponse) {
  const isCompressed = headers.some(([name]) => name === 'Content-Encoding')
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  return {
    statusLine,
    headers: lines
      .filter((line) => !/^(set-cookie|date|content-length|transfer-encoding):/i.test(line))
      .sort(),
    content: isCompressed ? gunzipSync(Buffer.from(content, 'latin1')).toString() : content,
  }
}
