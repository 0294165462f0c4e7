import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { SessionOptions } from '../../src'
import type { Layer, Req, Res } from '../support/app'
import { signedCookie } from '../support/cookies'
import { upstream } from '../support/implementations'
import { connect } from '../support/raw-client'
import { record } from '../support/records'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'

/** A handler that starts a response; the test writes the rest of it. */
function starts(start: (res: Res) => unknown) {
  let begin = (_res: Res) => {}
  const response = new Promise<Res>((resolve) => {
    begin = resolve
  })
  const layer: Layer = (_req, res) => {
    start(res)
    begin(res)
  }
  return { layer, response }
}

const beginnings = {
  'flushHeaders()': (res: Res) => res.flushHeaders(),
  'write(chunk)': (res: Res) => res.write('first'),
}

const laterChanges = [
  {
    does: 'saves what changed',
    change: (req: Req) => Object.assign(req.session, { views: 2 }),
    calls: ['get', 'set', 'set'],
    views: 2,
  },
  {
    does: 'destroys a session that was unset',
    change: (req: Req) => Object.assign(req, { session: null }),
    calls: ['get', 'set', 'destroy'],
    views: undefined,
  },
]

describe.each(http1Hosts)('a response that streams on $name', (host) => {
  it.each(Object.entries(beginnings))('sends its headers with the cookie at %s', async (_name, start) => {
    const { layer, response } = starts(start)
    const { port } = await startSessionApp({ host }, logIn, layer)
    const client = (await connect(port)).request('GET /')
    expect(await client.head()).toMatch(/^set-cookie: connect\.sid=/im)
    const res = await response
    res.end('last')
    expect((await client.response()).content).toMatch(/last$/)
  })

  it.each(Object.entries(beginnings))('starts to save its session at %s', async (_name, start) => {
    const { layer, response } = starts(start)
    const { port, store } = await startSessionApp({ host }, logIn, layer)
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await write.called
    write.release()
    const res = await response
    res.end()
    await client.response()
    expect(store.methods()).toEqual(['set'])
  })

  it('sends nothing until the save that its headers announce is done', async () => {
    const { layer, response } = starts((res) => res.write('first'))
    const { port, store } = await startSessionApp({ host }, logIn, layer)
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    const res = await response
    await write.called
    res.write('second')
    await roundTrip()
    expect(client.received).toBe('')
    write.release()
    await client.text('second')
    res.end('last')
    expect((await client.response()).content).toBe('firstsecondlast')
    expect(store.methods()).toEqual(['set'])
  })

  it('does not call the store again when nothing changed after its headers', async () => {
    const { layer, response } = starts((res) => res.write('first'))
    const { port, store } = await startSessionApp({ host }, logIn, layer)
    store.put('a', record())
    const client = (await connect(port)).request('GET /', `Cookie: ${signedCookie('a')}`)
    await client.text('first')
    ;(await response).end('last')
    await client.response()
    expect(store.methods()).toEqual(['get', 'set'])
  })

  it('does not call the store again when the save at its headers failed', async () => {
    const { layer, response } = starts((res) => res.write('first'))
    const { port, store, errors } = await startSessionApp({ host }, logIn, layer)
    store.put('a', record())
    store.fail('set', new Error('store is down'))
    const client = (await connect(port)).request('GET /', `Cookie: ${signedCookie('a')}`)
    await client.text('first')
    const res = await response
    res.end('last')
    expect((await client.response()).content).toBe('firstlast')
    expect([store.methods(), errors.map(({ message }) => message)]).toEqual([
      ['get', 'set'],
      ['store is down'],
    ])
  })

  it.each(laterChanges)('$does after its headers, even if the save at its headers failed', async (later) => {
    const { layer, response } = starts((res) => res.write('first'))
    const options: Partial<SessionOptions> = { unset: 'destroy' }
    const { port, store, errors } = await startSessionApp({ host, options }, logIn, layer)
    store.put('a', record())
    store.fail('set', new Error('store is down'))
    const client = (await connect(port)).request('GET /', `Cookie: ${signedCookie('a')}`)
    await client.text('first')
    store.hold('set').release()
    const res = await response
    later.change(res.req as Req)
    res.end('last')
    expect((await client.response()).content).toBe('firstlast')
    expect([store.methods(), errors.map(({ message }) => message)]).toEqual([later.calls, ['store is down']])
    expect(store.record('a')?.views).toBe(later.views)
  })

  it('saves the session again when it changed after its headers', async () => {
    const { port, store } = await startSessionApp({ host }, logIn, (req, res) => {
      res.write('first')
      setImmediate(() => {
        req.session.views = 2
        res.end('last')
      })
    })
    await (await connect(port)).request('GET /').response()
    expect([...store.records.values()].map((json) => JSON.parse(json))).toMatchObject([
      { user: 'ada', views: 2 },
    ])
  })
})

describe.each(http1Hosts)('pipe on $name', (host) => {
  const chunks = Array.from({ length: 512 }, (_, index) => String(index % 10).repeat(16_384))

  it('waits for a slow client and sends all data', async () => {
    let produced = 0
    const source = function* () {
      for (const chunk of chunks) {
        produced++
        yield chunk
      }
    }
    const { layer, response } = starts((res) => Readable.from(source()).pipe(res))
    const { port, store } = await startSessionApp({ host }, logIn, layer)
    const client = (await connect(port)).request('GET /')
    client.pause()
    const res = await response
    await new Promise((resolve) => setImmediate(resolve))
    await roundTrip(20)
    expect([res.writableNeedDrain, produced < chunks.length]).toEqual([true, true])
    client.resume()
    expect((await client.response()).content === chunks.join('')).toBe(true)
    expect(store.records.size).toBe(1)
  })
})

describe('fault in express-session', () => {
  it('does not save the session before the stream ends', async () => {
    const { layer, response } = starts((res) => res.flushHeaders())
    const { port, store } = await startSessionApp({ session: upstream }, logIn, layer)
    const client = (await connect(port)).request('GET /')
    expect(await client.head()).toMatch(/^set-cookie: connect\.sid=/im)
    await roundTrip()
    expect(store.calls).toEqual([])
    const res = await response
    res.end()
    await client.response()
  })
})
