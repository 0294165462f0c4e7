import { describe, expect, it } from 'vitest'
import { nodeHost, type Res } from '../support/app'
import { codeOf } from '../support/code-of'
import { signedCookie } from '../support/cookies'
import { ours, type SessionModule, upstream } from '../support/implementations'
import { rawRequest } from '../support/raw-client'
import { headerValues, type RawResponse } from '../support/raw-response'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import { createStore } from '../support/store'
import { normalise, observePlain, observeSaved, type Script } from './observe'

/** The ways to pass headers to writeHead; Node accepts more of them than it documents. */
const writeHead = (res: Res, ...args: unknown[]) => (res.writeHead as (...args: unknown[]) => Res)(...args)

const forms: Record<string, Script> = {
  'a status alone': (res) => writeHead(res, 201),
  'a reason': (res) => writeHead(res, 201, 'Made'),
  'an object': (res) => writeHead(res, 201, { 'X-A': '1', 'Set-Cookie': 'a=1' }),
  'an object with several cookies': (res) => writeHead(res, 201, { 'Set-Cookie': ['a=1', 'b=2'] }),
  'a reason and an object': (res) => writeHead(res, 201, 'Made', { 'X-A': '1' }),
  'no reason and an object': (res) => writeHead(res, 201, undefined, { 'X-A': '1' }),
  'a flat array': (res) => writeHead(res, 201, ['X-A', '1', 'Set-Cookie', 'a=1']),
  'a reason and a flat array': (res) => writeHead(res, 201, 'Made', ['Set-Cookie', 'a=1']),
  'a flat array with a list': (res) => writeHead(res, 201, ['Set-Cookie', ['a=1', 'b=2']]),
  'an object over a header that was set': (res) =>
    writeHead(res.setHeader('Set-Cookie', 'z=0'), 201, { 'Set-Cookie': 'a=1' }),
  'a flat array over a header that was set': (res) =>
    writeHead(res.setHeader('Set-Cookie', 'z=0'), 201, ['Set-Cookie', 'a=1']),
  'an object beside a header that was set': (res) =>
    writeHead(res.setHeader('Set-Cookie', ['y=0', 'z=0']), 201, { 'X-A': '1' }),
  'an appended header': (res) => writeHead(res.appendHeader('Set-Cookie', 'y=0'), 201),
}

const repeats: Record<string, Script> = {
  'a flat array': (res) =>
    writeHead(res, 201, ['Set-Cookie', 'a=1', 'X-A', '1', 'Set-Cookie', 'b=2', 'Set-Cookie', 'c=3']),
  pairs: (res) =>
    writeHead(res, 201, [
      ['Set-Cookie', 'a=1'],
      ['X-A', '1'],
      ['Set-Cookie', 'b=2'],
      ['Set-Cookie', 'c=3'],
    ]),
}

describe.each(http1Hosts)('writeHead on $name', (host) => {
  it.each(Object.entries(forms))(
    'with %s sends the same headers as Node, and the session cookie last',
    async (_form, script) => {
      const exchange = { host, script: endAfter(script) }
      const [plain, saved] = [await observePlain(exchange), await observeSaved(exchange)]
      expect(normalise(saved.response)).toEqual(normalise(plain.response))
      expect(cookies(saved)).toEqual([...cookies(plain), 'connect.sid'])
    },
  )

  it('throws for an invalid status like Node', async () => {
    const script: Script = (res, note) => {
      note(
        'thrown',
        codeOf(() => res.writeHead(99)),
      )
      res.statusCode = 500
      res.end('x')
    }
    const [plain, saved] = [await observePlain({ host, script }), await observeSaved({ host, script })]
    expect(saved.notes).toEqual(plain.notes)
    expect(saved.response.status).toBe(500)
  })

  it('throws when it is called twice like Node', async () => {
    const script: Script = (res, note) => {
      note('chained', res.writeHead(201) === res)
      note(
        'thrown',
        codeOf(() => res.writeHead(202)),
      )
      res.end('x')
    }
    const [plain, saved] = [await observePlain({ host, script }), await observeSaved({ host, script })]
    expect(saved.notes).toEqual(plain.notes)
    expect(saved.response.status).toBe(201)
  })
})

const stores = {
  'a store that answers asynchronously': createStore,
  'a MemoryStore': (session: SessionModule) => new session.MemoryStore(),
}

describe.each(http1Hosts)('a status that Node rejects at end, on $name', (host) => {
  it.each(Object.entries(stores))('sends the cookie of the stored session with %s', async (_kind, create) => {
    const store = create(ours)
    const app = await startSessionApp({ host, options: { store } }, logIn, (_req, res) => {
      res.statusCode = 42
      res.end('x')
    })
    const response = await rawRequest(app.port, 'GET /')
    expect(response).toMatchObject({ status: 500, content: expect.stringMatching(/status code: 42/) })
    expect(app.errors).toHaveLength(1)
    const [cookie] = headerValues(response, 'set-cookie')
    const sid = Object.keys('sessions' in store ? store.sessions : Object.fromEntries(store.records))
    expect(cookie?.split(';')[0]).toBe(signedCookie(String(sid)))
  })
})

describe.each(Object.entries(repeats))('repeated cookies in %s', (_form, script) => {
  it('are sent as by Node, with the session cookie last', async () => {
    const exchange = { host: nodeHost, script: endAfter(script) }
    const [plain, saved] = [await observePlain(exchange), await observeSaved(exchange)]
    expect(normalise(saved.response)).toEqual(normalise(plain.response))
    expect(cookies(saved)).toEqual([...cookies(plain), 'connect.sid'])
  })

  it.each(http1Hosts)('are all sent on $name', async (host) => {
    const { response } = await observeSaved({ host, script: endAfter(script) })
    expect(cookies({ response })).toEqual(['a', 'b', 'c', 'connect.sid'])
    expect(headerValues(response, 'x-a')).toEqual(['1'])
  })
})

describe('fault in express-session', () => {
  it('sends only the last of repeated cookies when writeHead gets an array of pairs', async () => {
    const exchange = { host: nodeHost, script: endAfter(repeats.pairs as Script) }
    expect(cookies(await observeSaved(exchange, upstream))).toEqual(['c', 'connect.sid'])
  })
})

function endAfter(script: Script): Script {
  return (res, note) => {
    script(res, note)
    res.end('x')
  }
}

function cookies({ response }: { response: RawResponse }) {
  return headerValues(response, 'set-cookie').map((line) => line.split('=')[0])
}
