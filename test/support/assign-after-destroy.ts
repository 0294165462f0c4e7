import { expect } from 'vitest'
import session, { type SessionOptions } from '../../src'
import { type Layer, type Req, serve } from './app'
import { readSetCookie } from './cookies'
import { ANN, COOKIE, seeded } from './ending'
import { ours } from './implementations'
import { SETTINGS } from './settings'

/** What the application assigns after it has destroyed its session. */
export const values: Record<string, (old: Req['session']) => object> = {
  'an object': () => ({ value: 'bye' }),
  'a copy of the old session': (old) => Object.assign({}, old, { value: 'bye' }),
  'the old session': (old) => Object.assign(old, { value: 'bye' }),
}

/** When it does that. */
export const moments: Record<string, (old: Req['session'], assign: () => void) => void> = {
  'in the callback': (old, assign) => old.destroy(assign),
  'after the promise': (old, assign) => void old.destroy().then(assign),
  'before the store has answered': (old, assign) => {
    old.destroy(() => {})
    assign()
  },
  'after unset, too': (old, assign) => {
    const { req } = old as unknown as { req: Req }
    old.destroy(() => {
      req.session = null as never
      assign()
    })
  },
}

/** How the response ends. */
export const endings: Record<string, Layer> = {
  'the response ends': (_req, res) => res.end('ok'),
  'the response streams': (_req, res) => {
    res.write('o')
    setImmediate(() => res.end('k'))
  },
  'the headers are flushed': (_req, res) => {
    res.flushHeaders()
    setImmediate(() => res.end('ok'))
  },
}

/** A handler that destroys the session of the request, and assigns another one. */
export function assignAfterDestroy(
  make = values['an object'] as (typeof values)[string],
  when = moments['in the callback'] as (typeof moments)[string],
  end: Layer = (_req, res) => res.end('ok'),
): Layer {
  return (req, res, next) => {
    const old = req.session
    when(old, () => {
      req.session = make(old) as never
      end(req, res, next)
    })
  }
}

/** Expects one record, under the id of the response's cookie, in a store that takes its time and in a MemoryStore. */
export async function expectNewSession(options: Partial<SessionOptions>, layer: Layer) {
  for (const store of [seeded(ours), seededMemory()]) {
    const res = await serve(session({ ...SETTINGS, ...options, store }), layer).get('/', COOKIE)
    const sid = readSetCookie(res)?.sid as string
    const records = 'records' in store ? Object.fromEntries(store.records) : store.sessions
    expect([res.text, Object.keys(records), sid === 'a']).toEqual(['ok', [sid], false])
    expect(JSON.parse(records[sid] as string)).toMatchObject({ value: 'bye' })
  }
}

function seededMemory() {
  const store = new session.MemoryStore({ checkPeriod: 0 })
  store.sessions.a = JSON.stringify(ANN)
  return store
}
