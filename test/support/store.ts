import type { Store } from '../../src'
import { ours, type SessionModule } from './implementations'

type Method = 'get' | 'set' | 'destroy' | 'touch'
// biome-ignore lint/suspicious/noExplicitAny: a store returns any JSON
type Answer = (err?: any, record?: any) => void

export type TestStore = ReturnType<typeof createStore>

/**
 * Creates a store of the given implementation that stores JSON, records its calls, and can fail or hold calls.
 * It answers in a later event loop turn, as with a server.
 */
export function createStore(session: SessionModule = ours) {
  const records = new Map<string, string>()
  const calls: string[] = []
  const rules = new Map<Method, (go: () => void, done: Answer) => void>()

  function run(method: Method, sid: string, done: Answer, work: () => unknown) {
    calls.push(`${method} ${sid}`)
    const go = () => setImmediate(() => done(null, work()))
    const rule = rules.get(method)
    if (rule) rule(go, done)
    else go()
  }

  return Object.assign(newStore(session), {
    records,
    calls,
    /** The names of the methods called, in order. */
    methods: () => calls.map((call) => call.split(' ')[0]),
    /** The stored record, parsed. */
    record: (sid: string | undefined) => parse(records.get(sid ?? '')),
    put: (sid: string, record: object) => records.set(sid, JSON.stringify(record)),
    fail(method: Method, err: unknown) {
      rules.set(method, (_go, done) => setImmediate(() => done(err)))
    },
    /** Holds all calls of the method: `called` resolves at the first one, `release` lets all continue. */
    hold(method: Method) {
      const waiting: Array<() => void> = []
      const called = new Promise<void>((resolve) => {
        rules.set(method, (go) => {
          waiting.push(go)
          resolve()
        })
      })
      const release = () => {
        rules.delete(method)
        for (const go of waiting.splice(0)) go()
      }
      return { called, release }
    },
    get(sid: string, done: Answer) {
      run('get', sid, done, () => parse(records.get(sid)))
    },
    set(sid: string, sess: object, done: Answer) {
      const json = JSON.stringify(sess)
      run('set', sid, done, () => void records.set(sid, json))
    },
    destroy(sid: string, done: Answer) {
      run('destroy', sid, done, () => void records.delete(sid))
    },
    touch(sid: string, sess: { cookie: unknown }, done: Answer) {
      const cookie = JSON.parse(JSON.stringify(sess.cookie))
      run('touch', sid, done, () => {
        const record = parse(records.get(sid))
        if (record) records.set(sid, JSON.stringify({ ...record, cookie }))
      })
    },
  })
}

/** Creates a store of the implementation's Store class with only the given methods. */
export function storeWith<T extends object>(methods: T, session: SessionModule = ours): Store & T {
  return Object.assign(newStore(session), methods)
}

function newStore(session: SessionModule) {
  return new (session.Store as unknown as new () => Store)()
}

function parse(json: string | undefined) {
  return json === undefined ? undefined : JSON.parse(json)
}
