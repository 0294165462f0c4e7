import { describe, expect, it } from 'vitest'
import { nodeHost, type Res } from '../support/app'
import { codeOf } from '../support/code-of'
import { upstream } from '../support/implementations'
import { libraries } from '../support/libraries'
import { crashesOf } from '../support/outcome'
import { connect } from '../support/raw-client'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'
import { type Exchange, observeIdle, observePlain, observeSaved, type Script } from './observe'

const forms: Record<string, Script> = {
  'end()': (res, note) => note('chained', res.end() === res),
  'end(callback)': (res, note) => note('chained', res.end(called(note)) === res),
  'end(chunk)': (res, note) => note('chained', res.end('x') === res),
  'end(chunk, callback)': (res, note) => note('chained', res.end('x', called(note)) === res),
  'end(chunk, encoding)': (res, note) => note('chained', res.end('eA==', 'base64') === res),
  'end(chunk, encoding, callback)': (res, note) =>
    note('chained', res.end('eA==', 'base64', called(note)) === res),
  'end(null, null, callback)': (res, note) =>
    note('chained', res.end(null, null as never, called(note)) === res),
  'end(undefined)': (res, note) => note('chained', res.end(undefined) === res),
}

const misuse: Record<string, Script> = {
  'end twice': (res, note) => {
    res.end('x')
    note('chained', res.end() === res)
  },
  'end twice with callbacks': (res, note) => {
    res.end('x', called(note))
    // Node reports an error here only if the first end has already been sent.
    res.end(() => note('second', 'called'))
  },
  'end again after the response has finished': (res, note) => {
    res.end('x').on('close', () => note('chained', res.end(called(note)) === res))
  },
  'a chunk of a wrong type': (res, note) => {
    note(
      'thrown',
      codeOf(() => res.end(1 as never)),
    )
    res.end('x')
  },
}

describe.each(http1Hosts)('end on $name', (host) => {
  it.each(Object.entries(forms))('treats %s like Node', (_form, script) =>
    expectSameContract({ host, script }),
  )

  it.each(Object.entries(misuse))('treats %s like Node', (_form, script) =>
    expectSameContract({ host, script }),
  )

  it('throws for an unknown encoding like Node', async () => {
    let thrown: string | undefined
    const { port } = await startSessionApp({ host }, logIn, (_req, res) => {
      thrown = codeOf(() => res.end('x', 'nonsense' as never))
      res.destroy()
    })
    await (await connect(port)).request('GET /').close()
    expect(thrown).toBe('ERR_UNKNOWN_ENCODING')
  })

  it('sets headersSent at once, and writableEnded and finished when the response is released', async () => {
    const flags = (res: Res) => [res.headersSent, res.writableEnded, res.finished]
    const script: Script = (res, note) => {
      note('before', flags(res))
      res.end('x')
      note('after', flags(res))
      res.on('finish', () => note('finished', flags(res)))
    }
    const before = [false, false, false]
    const done = [true, true, true]
    const { notes } = await observeSaved({ host, script })
    expect(notes).toEqual({ before: [before], after: [[true, false, false]], finished: [done] })
    const idle = await observeIdle({ host, script })
    expect(idle.notes).toEqual({ before: [before], after: [done], finished: [done] })
  })
})

describe.each(libraries)('a second end without an error listener, with $library', ({ session }) => {
  const stores = {
    'a MemoryStore': () => new session.MemoryStore(),
    'another store': () => createStore(session),
  }

  it.each(Object.entries(stores))(
    'sends only the first body and does not end the process, with %s',
    async (_what, make) => {
      const app = nodeHost.serve(session({ ...SETTINGS, store: make() as never }), logIn, (_req, res) => {
        res.end('first')
        res.end('second')
        setImmediate(() => res.end('third'))
        res.on('close', () => res.end('fourth'))
      })
      const crashes = await crashesOf(async () => {
        expect((await app.get()).text).toBe('first')
        await roundTrip()
      })
      expect(crashes).toEqual([])
    },
  )
})

describe('fault in express-session', () => {
  it('does not call the callback of end, and returns a boolean', async () => {
    const script = forms['end(chunk, encoding, callback)'] as Script
    expect((await observeSaved({ host: nodeHost, script }, upstream)).notes).toEqual({ chained: [false] })
  })

  it('adds a write after end to the body', async () => {
    const script: Script = (res) => {
      res.end('x')
      res.write('late')
    }
    const { response } = await observeSaved({ host: nodeHost, script }, upstream)
    expect(response.content).toBe('xlate')
  })
})

async function expectSameContract(exchange: Exchange) {
  const script: Script = (res, note) => {
    res.on('error', (error: NodeJS.ErrnoException) => note('error', error.code))
    res.on('finish', () => note('finished', true))
    return exchange.script(res, note)
  }
  const plain = await outcome(observePlain, { ...exchange, script })
  expect(await outcome(observeSaved, { ...exchange, script })).toEqual(plain)
  expect(await outcome(observeIdle, { ...exchange, script })).toEqual(plain)
}

async function outcome(observe: typeof observePlain, exchange: Exchange) {
  const { response, notes } = await observe(exchange)
  return { content: response.content, notes }
}

function called(note: Parameters<Script>[1]) {
  return (error?: NodeJS.ErrnoException | null) => note('called', error?.code ?? 'done')
}
