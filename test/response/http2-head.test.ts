import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { http2Host, type Layer, type Res } from '../support/app'
import { signedCookie } from '../support/cookies'
import { eventually } from '../support/eventually'
import { connectHttp2 } from '../support/http2-client'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { record } from '../support/records'
import { logIn, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const answers: Record<string, (res: Res) => unknown> = {
  'end()': (res) => res.end(),
  'a status and end()': (res) => Object.assign(res, { statusCode: 404 }).end(),
  'a header and end()': (res) => res.setHeader('x-page', 'home').end(),
  'writeHead and end()': (res) => res.writeHead(302, { location: '/x' }).end(),
  "writeHead and end('x')": (res) => res.writeHead(404, { 'x-page': 'none' }).end('x'),
  'writeHead alone, and the end later': (res) => {
    res.writeHead(201, { 'x-page': 'home' })
    setImmediate(() => res.end('x'))
  },
  'status 204': (res) => res.writeHead(204).end(),
}

const sessions: Record<string, Layer> = {
  'that no handler reads': (_req, _res, next) => next(),
  'that is read': (req, _res, next) => next(void req.session.user),
  'that is changed': logIn,
}

const stores = { MemoryStore: () => new ours.MemoryStore(), 'another store': () => createStore() }

describe.each(Object.entries(stores))('over HTTP/2, with %s', (_store, makeStore) => {
  describe.each(Object.entries(sessions))('a session %s', (_session, layer) => {
    it.each(Object.entries(answers))(
      'does not change the status and the headers of %s',
      async (_name, answer) => {
        const finish: Layer = (_req, res) => answer(res)
        const plain = http2Host.serve(finish)
        const app = http2Host.serve(
          ours({ ...SETTINGS, store: makeStore() as never }) as Layer,
          layer,
          finish,
        )
        expect(await ask(await listen(app.server))).toEqual(await ask(await listen(plain.server)))
      },
    )
  })
})

describe('a head that HTTP/2 refuses, while its bytes wait', () => {
  it.each([() => new ours.MemoryStore(), () => createStore()])(
    'is reported, and the stream ends',
    async (makeStore) => {
      const app = http2Host.serve(
        ours({ ...SETTINGS, store: makeStore() as never }) as Layer,
        logIn,
        (_req, res) => {
          res.setHeader('etag', ['a', 'b'])
          res.write('a')
        },
      )
      const { response } = connectHttp2(await listen(app.server)).request('GET', '/')
      await expect(response).rejects.toThrow()
      await eventually(() => expect(app.errors).toHaveLength(1))
    },
  )
})

it('a save that fails after the client has disconnected is reported over HTTP/2', async () => {
  let closed: Promise<unknown> | undefined
  const { port, store, errors } = await startSessionApp({ host: http2Host }, (req, res) => {
    closed = once(res, 'close')
    req.session.views = 1
    res.end('x')
  })
  store.put('a', record())
  let fail = () => {}
  const called = new Promise<void>((resolve) => {
    store.set = (_sid, _session, done) => {
      fail = () => done?.(new Error('READONLY'))
      resolve()
    }
  })
  const { response, abort } = connectHttp2(port).request('GET', '/', signedCookie('a'))
  response.catch(() => {})
  await called
  abort()
  await closed
  fail()
  await eventually(() => expect(errors.map(({ message }) => message)).toEqual(['READONLY']))
})

async function ask(port: number) {
  const { status, headers, content } = await connectHttp2(port).request('GET', '/').response
  const { date: _date, 'set-cookie': _cookie, ...rest } = headers
  return { status, content, headers: { ...rest } }
}
