import { describe, expect, it } from 'vitest'
import { http2Host as host, type Layer, type Res } from '../support/app'
import { eventually } from '../support/eventually'
import { connectHttp2 } from '../support/http2-client'
import { upstream } from '../support/implementations'
import { listen } from '../support/listen'
import { roundTrip } from '../support/round-trip'
import { logIn, startSessionApp } from '../support/session-app'

const answers: Record<string, (res: Res) => unknown> = {
  'end()': (res) => res.end(),
  "end('x')": (res) => res.end('x'),
  'end of base64': (res) => res.end('aGVsbG8=', 'base64'),
  'a length and end': (res) => {
    res.setHeader('Content-Length', 5)
    res.end('hello')
  },
  'write and end': (res) => {
    res.write('he')
    res.end('llo')
  },
  'writeHead and end': (res) => res.writeHead(201, { 'X-A': '1' }).end('x'),
  'a large body': (res) => res.end('x'.repeat(300_000)),
  '204': (res) => res.writeHead(204).end(),
  '304': (res) => res.writeHead(304).end(),
  'other cookies': (res) => {
    res.setHeader('Set-Cookie', ['a=1', 'b=2'])
    res.end('x')
  },
}

describe('a response over HTTP/2', () => {
  it.each(Object.entries(answers))(
    'with %s is the same as without a session, except for the cookie',
    async (_name, answer) => {
      for (const method of ['GET', 'HEAD']) {
        const layer: Layer = (_req, res) => answer(res)
        const plain = await ask(await listen(host.serve(layer).server), method)
        const { port, store } = await startSessionApp({ host }, logIn, layer)
        const saved = await ask(port, method)
        expect(withoutCookie(saved)).toEqual(withoutCookie(plain))
        expect(saved.headers['set-cookie']?.at(-1)).toMatch(/^connect\.sid=/)
        expect(store.records.size).toBe(1)
      }
    },
  )

  it.each(Object.entries(answers))(
    'with %s is not started before its session is saved',
    async (_name, answer) => {
      const { port, store } = await startSessionApp({ host }, logIn, (_req, res) => answer(res))
      const write = store.hold('set')
      const { seen, response } = connectHttp2(port).request('GET', '/')
      await write.called
      await roundTrip()
      expect(seen).toEqual({ headers: undefined, content: '' })
      write.release()
      await response
    },
  )

  it('sends no chunk until the save that its headers announce is done', async () => {
    const { port, store } = await startSessionApp({ host }, logIn, (_req, res) => {
      res.write('first')
      setImmediate(() => res.end('last'))
    })
    const write = store.hold('set')
    const { seen, response } = connectHttp2(port).request('GET', '/')
    await write.called
    await roundTrip()
    expect(seen).toEqual({ headers: undefined, content: '' })
    write.release()
    expect((await response).content).toBe('firstlast')
  })

  it('does not delay responses on other streams', async () => {
    const { port, store } = await startSessionApp(
      { host },
      (req, res, next) => (req.url === '/1' ? logIn(req, res, next) : next()),
      (req, res) => res.end(req.url),
    )
    const write = store.hold('set')
    const client = connectHttp2(port)
    const [first, second] = [client.request('GET', '/1'), client.request('GET', '/2')]
    expect((await second.response).content).toBe('/2')
    expect(first.seen.headers).toBeUndefined()
    write.release()
    expect((await first.response).content).toBe('/1')
  })

  it('has its session saved when the client disconnects', async () => {
    let noteClose = () => {}
    const closed = new Promise<void>((resolve) => {
      noteClose = resolve
    })
    const { port, store } = await startSessionApp({ host }, logIn, (_req, res) => {
      res.on('close', noteClose)
      res.write('first')
    })
    const { head, abort } = connectHttp2(port).request('GET', '/')
    await head
    abort()
    await closed
    await eventually(() => expect(store.records.size).toBe(1))
  })

  it('is sent when the store fails, and the error handler gets the error', async () => {
    const { port, store, errors } = await startSessionApp({ host }, logIn, (_req, res) => res.end('x'))
    store.fail('set', new Error('store is down'))
    expect(await ask(port, 'GET')).toMatchObject({ status: 200, content: 'x' })
    await roundTrip()
    expect(errors.map(({ message }) => message)).toEqual(['store is down'])
  })
})

describe('fault in express-session', () => {
  it('throws for every HTTP/2 response whose session must be saved', async () => {
    const { port, errors } = await startSessionApp({ host, session: upstream }, logIn, (_req, res) =>
      res.end('x'),
    )
    connectHttp2(port).request('GET', '/')
    await eventually(() => expect(errors).toHaveLength(1))
    expect(errors[0]?.message).toMatch(/_implicitHeader is not a function/)
  })
})

function ask(port: number, method: string) {
  return connectHttp2(port).request(method, '/').response
}

function withoutCookie({ status, headers, content }: Awaited<ReturnType<typeof ask>>) {
  const { date: _date, 'set-cookie': cookies = [], ...rest } = headers
  const others = cookies.filter((line) => !line.startsWith('connect.sid='))
  return { status, headers: { ...rest, others }, content }
}
