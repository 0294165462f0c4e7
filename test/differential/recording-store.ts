import type { Session, Store } from '../../src'
import type { SessionModule } from '../support/implementations'
import type { Journal } from './journal'
import type { StoreMethod, StoreTraits } from './program'

// biome-ignore lint/suspicious/noExplicitAny: a store returns any JSON
type Answer = (err?: any, record?: any) => void

/** Creates a store that enforces expiry, answers in a later turn, and writes each call to the journal. */
export function createRecordingStore(session: SessionModule, traits: StoreTraits, journal: Journal) {
  const records = new Map<string, string>()
  const saved = new Set<string>()
  let pending = 0

  function answer(method: StoreMethod, sid: string, done: Answer = () => {}, work: () => unknown = () => {}) {
    const fails = traits.fails.includes(method) && (method !== 'destroy' || isKnown(sid))
    const reply = () => {
      pending--
      const result = fails ? undefined : work()
      const error = fails ? new Error(`${method} failed`) : missing(method, result)
      journal.guard('the answer of the store', () => (error ? done(error) : done(null, result)))
    }
    pending++
    if (traits.isSynchronous) reply()
    else setImmediate(reply)
  }

  function missing(method: StoreMethod, result: unknown) {
    if (method !== 'get' || result || !traits.saysENOENT) return undefined
    return Object.assign(new Error('no such session'), { code: 'ENOENT' })
  }

  function isKnown(sid: string) {
    return saved.has(sid) || records.has(sid)
  }

  function read(sid: string) {
    const record = parse(records.get(sid))
    if (isExpired(record)) return undefined
    return record
  }

  const methods = {
    get(sid: string, done: Answer) {
      journal.write`get ${{ sid }}`
      answer('get', sid, done, () => read(sid))
    },
    set(sid: string, sess: Session, done?: Answer) {
      const json = JSON.stringify(sess)
      journal.write`set ${{ sid }} ${json}, ${describeExpiry(sess)}`
      saved.add(sid)
      answer('set', sid, done, () => void records.set(sid, json))
    },
    destroy(sid: string, done?: Answer) {
      if (isKnown(sid)) journal.write`destroy ${{ sid }}`
      answer('destroy', sid, done, () => void records.delete(sid))
    },
  }
  const touch = (sid: string, sess: Session, done?: Answer) => {
    const cookie = JSON.parse(JSON.stringify(sess.cookie))
    journal.write`touch ${{ sid }} ${JSON.stringify(sess)}, ${describeExpiry(sess)}`
    answer('touch', sid, done, () => {
      const record = parse(records.get(sid))
      if (record) records.set(sid, JSON.stringify({ ...record, cookie }))
    })
  }

  const store = new (session.Store as unknown as new () => Store)()
  Object.assign(store, methods, traits.touches ? { touch } : {})
  return { store, records, isIdle: () => pending === 0 }
}

function describeExpiry({ cookie }: Session) {
  return `maxAge ${cookie.maxAge}, expires ${cookie.expires instanceof Date ? 'a Date' : typeof cookie.expires}`
}

function isExpired(record: { cookie?: { expires?: unknown } } | undefined) {
  const expires = record?.cookie?.expires
  return typeof expires === 'string' && new Date(expires).getTime() <= Date.now()
}

function parse(json: string | undefined) {
  return json === undefined ? undefined : JSON.parse(json)
}
