import { describe, expect, it } from 'vitest'
import { nodeHost } from '../support/app'
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
  'end twice with chunks': (res, note) => {
    res.end('x')
    note('chained', res.end('y', called(note)) === res)
  },
  'end again after the response has finished': (res, note) => {
    res.end('x').on('close', () => note('chained', res.end(called(note)) === res))
  },
  'a write after end': (res, note) => {
    res.end('x')
    note('written', res.write('late', called(note)))
  },
  'a write after an end without a body': (res, note) => {
    res.end()
    note('written', res.write('late'))
  },
  'a write one event loop turn after end': (res, note) => {
    res.end('x')
    setImmediate(() => note('written', res.write('late', called(note))))
  },
  'a write of an invalid chunk after end': (res, note) => {
    res.end('x')
    for (const chunk of [5, null, undefined, {}]) {
      note(
        'thrown',
        codeOf(() => res.write(chunk as never)),
      )
    }
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

  it('sets headersSent and writableEnded like Node', () =>
    expectSameContract({
      host,
      script: (res, note) => {
        note('before', [res.headersSent, res.writableEnded])
        res.end('x')
        note('after', [res.headersSent, res.writableEnded])
      },
    }))
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
    const script = misuse['a write after end'] as Script
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
