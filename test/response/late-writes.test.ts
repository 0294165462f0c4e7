import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { express5Host, type Host, http2Host, type Layer, nodeHost, type Res } from '../support/app'
import { ours, upstream } from '../support/implementations'
import { crashesOf } from '../support/outcome'
import { roundTrip } from '../support/round-trip'
import { logIn } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

type Call = (res: Res, note: (value: unknown) => void) => unknown

const calls: Record<string, Call> = {
  write: (res, note) => note(res.write('late')),
  'write with a callback': (res, note) => note(res.write('late', (err) => note(codeOf(err)))),
  'write with an encoding': (res, note) => note(res.write('6c617465', 'hex', (err) => note(codeOf(err)))),
  'write of an invalid chunk': (res, note) => note(res.write(5 as never)),
  'end with a chunk': (res) => res.end('late'),
  'end with a chunk and a callback': (res) => res.end('late', () => {}),
  'a pipe': (res) => Readable.from(['late', 'later']).pipe(res),
  'a large pipe': (res) => Readable.from(Array.from({ length: 100 }, () => 'x'.repeat(10_000))).pipe(res),
  flushHeaders: (res) => res.flushHeaders(),
}

/** As http-proxy does: it looks at the flags of the response before it writes. */
const proxy: Call = (res) => {
  if (!res.finished) Readable.from(['late']).pipe(res)
  if (!res.writableEnded) res.write('late')
}

const times: Record<string, (work: () => void) => unknown> = {
  'in the same tick': (work) => work(),
  'in the next turn': (work) => setImmediate(work),
  'some turns later': (work) => setImmediate(() => setImmediate(() => setImmediate(work))),
}

const stores = {
  'a MemoryStore': () => new ours.MemoryStore(),
  'an asynchronous store': () => createStore(),
}

describe.each([express5Host, nodeHost, http2Host])('after the end of a response on $name', (host) => {
  describe.each(Object.entries(stores))('with %s', (_store, makeStore) => {
    describe.each(Object.entries(times))('%s', (_time, later) => {
      it.each([...Object.entries(calls), ['the calls of a proxy', proxy] as const])(
        '%s does no harm',
        async (_name, call) => {
          const { text, notes, events, crashes } = await answer(host, makeStore(), later, call)
          expect([text, events, crashes]).toEqual(['first', [], []])
          expect(notes.filter((note) => note !== true)).toEqual(
            notes.length > 1 ? ['ERR_STREAM_WRITE_AFTER_END'] : [],
          )
        },
      )
    })
  })
})

it('a pipe after the end of a response goes on to its end', async () => {
  let ended: Promise<unknown> | undefined
  await answer(express5Host, createStore(), times['in the next turn'] as never, (res) => {
    const source = Readable.from(Array.from({ length: 50 }, () => 'x'.repeat(50_000)))
    ended = new Promise((resolve) => source.on('end', resolve))
    source.pipe(res)
  })
  await ended
})

describe('fault in express-session', () => {
  it('adds late writes to the body', async () => {
    const { text } = await answer(
      nodeHost,
      createStore(upstream),
      times['in the same tick'] as never,
      (res) => res.write('late'),
    )
    expect(text).toBe('firstlate')
  })
})

async function answer(host: Host, store: object, later: (work: () => void) => unknown, call: Call) {
  const notes: unknown[] = []
  const events: unknown[] = []
  const session = store instanceof upstream.Store ? upstream : ours
  const finish: Layer = (_req, res) => {
    res.on('error', (err) => events.push(err))
    res.end('first')
    later(() => call(res, (value) => notes.push(value)))
  }
  const app = host.serve(session({ ...SETTINGS, store: store as never }) as Layer, logIn, finish)
  let text = ''
  const crashes = await crashesOf(async () => {
    text = (await app.get()).text
    await roundTrip()
  })
  return { text, notes, events, crashes }
}

function codeOf(err: unknown): unknown {
  return (err as { code?: unknown } | null | undefined)?.code
}
