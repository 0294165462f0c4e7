import { compareAndSet as rules } from '../../../src/store-suite/rules/compare-and-set'
import type { SessionData } from '../../../src/types'
import type { ReferenceStore } from '../reference-store'
import type { Break, Callback, Live } from './break'

type Outcome = boolean | SessionData | undefined
type Compare = (sid: string, session: Live, loaded: Live | undefined) => Outcome

const WRITES = 'writes a session with compareAndSet if its record has not changed'
const CHANGED = 'answers compareAndSet with the record, and writes nothing, if it has changed'
const GONE = 'answers compareAndSet with false, and creates nothing, if the record is gone'
const CREATES = 'creates a record with compareAndSet, without a loaded one'
const TAKEN = 'does not replace a record with compareAndSet without the loaded one'
const OUTCOME = 'accepts the record of an outcome as the loaded one'
const WRITTEN = 'accepts a session that compareAndSet has written as the loaded one'
const AS_LOADED = 'compares with the record as it was loaded, even if the object has changed'
const UNKNOWN = 'answers compareAndSet with the record if it has never given the loaded one'
const ATOMIC = 'lets only one of several simultaneous calls of compareAndSet write'
const TOUCHED = 'takes no touch for a change of the record'
const EXPIRED = 'answers compareAndSet with false if the record has expired'
const ALL = rules.map(({ title }) => title)

/** Faults in `compareAndSet`. */
export const ofCompareAndSet: Break[] = [
  comparing(
    'never writes',
    [WRITES, CREATES, OUTCOME, WRITTEN, AS_LOADED, ATOMIC, TOUCHED],
    (right) => (sid) => {
      const entry = right.find(sid)
      return entry ? right.give(entry) : false
    },
  ),
  comparing('answers compareAndSet with nothing', ALL, (right) => (sid, session, loaded) => {
    right.compare(sid, session, loaded)
    return undefined
  }),
  comparing(
    'writes in any case',
    [CHANGED, GONE, TAKEN, WRITTEN, UNKNOWN, ATOMIC, EXPIRED],
    (right) => (sid, session) => {
      right.entries.set(sid, right.entryOf(session))
      return true
    },
  ),
  comparing(
    'writes what it refuses',
    [CHANGED, TAKEN, OUTCOME, UNKNOWN, ATOMIC],
    (right) => (sid, session, loaded) => {
      const outcome = right.compare(sid, session, loaded)
      if (typeof outcome === 'object') right.entries.set(sid, right.entryOf(session))
      return outcome
    },
  ),
  comparing(
    'answers a change with false',
    [CHANGED, TAKEN, OUTCOME, WRITTEN, UNKNOWN],
    (right) => (sid, session, loaded) => {
      const outcome = right.compare(sid, session, loaded)
      return outcome === true
    },
  ),
  comparing('creates the record again', [GONE, EXPIRED], (right) => (sid, session, loaded) => {
    return right.compare(sid, session, right.find(sid) ? loaded : undefined)
  }),
  comparing('does not create a record', [CREATES, TAKEN, WRITTEN], (right) => (sid, session, loaded) => {
    return loaded ? right.compare(sid, session, loaded) : false
  }),
  comparing('replaces a record without the loaded one', [TAKEN], (right) => (sid, session, loaded) => {
    if (loaded) return right.compare(sid, session, loaded)
    right.entries.delete(sid)
    return right.compare(sid, session, loaded)
  }),
  comparing('gives copies', [OUTCOME], (right) => (sid, session, loaded) => {
    const outcome = right.compare(sid, session, loaded)
    return typeof outcome === 'object' ? { ...outcome } : outcome
  }),
  comparing('forgets what it has written', [WRITTEN], (right) => (sid, session, loaded) => {
    const outcome = right.compare(sid, session, loaded)
    right.texts.delete(session)
    return outcome
  }),
  comparing(
    'compares the loaded object as it is now',
    [WRITTEN, AS_LOADED],
    (right) => (sid, session, loaded) => {
      if (loaded && right.texts.has(loaded)) right.texts.set(loaded, without(JSON.stringify(loaded)))
      return right.compare(sid, session, loaded)
    },
  ),
  comparing('knows objects that it has not given', [UNKNOWN], (right) => (sid, session, loaded) => {
    if (loaded && !right.texts.has(loaded)) right.texts.set(loaded, without(JSON.stringify(loaded)))
    return right.compare(sid, session, loaded)
  }),
  {
    fault: 'compares first and writes later',
    rules: [ATOMIC],
    methods: (right) => ({
      compareAndSet(sid: string, session: Live, loaded: Live | undefined, callback: Callback) {
        const { entries, texts } = right
        const former = entries.get(sid)
        const outcome = right.compare(sid, session, loaded)
        const written = entries.get(sid)
        if (outcome !== true || !written) return right.answer(callback, outcome)
        if (former) entries.set(sid, former)
        else entries.delete(sid)
        texts.delete(session)
        setImmediate(() => {
          entries.set(sid, written)
          texts.set(session, without(written.json))
          callback(null, true)
        })
      },
    }),
  },
  comparing('compares the expiry', [TOUCHED], (right) => {
    const expiries = new WeakMap<object, number>()
    const give = right.give
    right.give = (entry) => {
      const record = give.call(right, entry)
      expiries.set(record, entry.expires)
      return record
    }
    return (sid, session, loaded) => {
      const entry = right.find(sid)
      const expiry = loaded && expiries.get(loaded)
      if (entry && expiry !== undefined && expiry !== entry.expires) return right.give(entry)
      return right.compare(sid, session, loaded)
    }
  }),
  comparing('writes an expired record', [EXPIRED], (right) => (sid, session, loaded) => {
    const entry = right.entries.get(sid)
    if (entry && !right.find(sid)) entry.expires = Number.POSITIVE_INFINITY
    return right.compare(sid, session, loaded)
  }),
]

/** A faulty `compareAndSet` that answers as the store does. */
function comparing(fault: string, rules: string[], make: (right: ReferenceStore) => Compare): Break {
  return {
    fault,
    rules,
    methods(right) {
      const compare = make(right)
      return {
        compareAndSet: (sid: string, session: Live, loaded: Live | undefined, callback?: Callback) =>
          right.answer(callback, compare(sid, session, loaded)),
      }
    },
  }
}

/** The text that the reference store compares. */
function without(json: string): string {
  const { cookie, ...data } = JSON.parse(json)
  return JSON.stringify({ ...data, cookie: { ...cookie, expires: null } })
}
