import { EventEmitter } from 'node:events'
import { inherits } from 'node:util'
import type { SessionModule } from '../../support/implementations'
import type { Ability, AnyStore, Done, StoreKind } from '../contract'
import { Records } from './records'

type Build = (base: SessionModule, records: Records) => AnyStore
type Parent = new () => object
type Live = Parameters<Records['set']>[1]

/** One fixture for each style in which published stores have been written since 2010. */
export const ownStyles: StoreKind[] = [
  kind('ES5 inherits, calls Store', ['touch', 'all', 'length', 'clear'], (base, records) =>
    es5Store(base, records, true),
  ),
  kind('ES5 inherits, never calls Store', ['touch', 'all', 'length', 'clear'], (base, records) =>
    es5Store(base, records, false),
  ),
  kind('class extends Store', ['touch', 'all', 'length', 'clear'], classStore),
  kind('promises only', ['touch', 'all', 'length', 'clear'], promiseStore),
  kind('answers in the same tick', ['touch', 'all', 'length', 'clear'], sameTickStore),
  kind('get, set and destroy only', [], smallestStore),
  { ...kind('a bare EventEmitter', ['touch'], emitterStore), extendsStore: false },
]

function kind(style: string, abilities: Ability[], build: Build): StoreKind {
  return {
    name: `fixture: ${style}`,
    abilities,
    async open(base) {
      const records = new Records()
      const store = build(base, records)
      return { store, expiryOf: async (sid) => records.expiryOf(sid), close: async () => {} }
    },
  }
}

function es5Store(base: SessionModule, records: Records, callsParent: boolean): AnyStore {
  const Store = base.Store as unknown as (this: unknown, options: object) => void
  function LegacyStore(this: unknown) {
    if (callsParent) Store.call(this, {})
  }
  inherits(LegacyStore, Store)
  Object.assign(LegacyStore.prototype, answering(records, setImmediate), {
    all: (done: Done) => setImmediate(done, null, Object.fromEntries(records.all())),
  })
  return new (LegacyStore as unknown as new () => AnyStore)()
}

function classStore(base: SessionModule, records: Records): AnyStore {
  const later = answering(records, setImmediate)
  class ClassStore extends (base.Store as unknown as Parent) {
    get(sid: string, done: Done) {
      later.get(sid, done)
    }
    set(sid: string, session: Live, done: Done) {
      later.set(sid, session, done)
    }
    destroy(sid: string, done: Done) {
      later.destroy(sid, done)
    }
  }
  const { touch, all, length, clear } = later
  return Object.assign(new ClassStore(), { touch, all, length, clear })
}

function promiseStore(base: SessionModule, records: Records): AnyStore {
  class PromiseStore extends (base.Store as unknown as Parent) {
    get = async (sid: string) => records.get(sid)
    set = async (sid: string, session: Live) => records.set(sid, session)
    destroy = async (sid: string) => records.destroy(sid)
    touch = async (sid: string, session: Live) => records.touch(sid, session)
    all = async () => records.all().map(([, session]) => session)
    length = async () => records.length()
    clear = async () => records.clear()
  }
  return new PromiseStore()
}

function sameTickStore(base: SessionModule, records: Records): AnyStore {
  return Object.assign(
    newStore(base),
    answering(records, (done, err, value) => done(err, value)),
  )
}

function smallestStore(base: SessionModule, records: Records): AnyStore {
  const { get, set, destroy } = answering(records, setImmediate)
  return Object.assign(newStore(base), { get, set, destroy })
}

function emitterStore(_base: SessionModule, records: Records): AnyStore {
  const { get, set, destroy, touch } = answering(records, setImmediate)
  return Object.assign(new EventEmitter(), { get, set, destroy, touch })
}

function newStore(base: SessionModule): object {
  return new (base.Store as unknown as Parent)()
}

/** The store methods with callbacks; `deliver` decides when they call back. */
function answering(records: Records, deliver: (done: Done, err: null, value: unknown) => unknown) {
  return {
    get: (sid: string, done: Done) => void deliver(done, null, records.get(sid)),
    set: (sid: string, session: Live, done: Done) => void deliver(done, null, records.set(sid, session)),
    destroy: (sid: string, done: Done) => void deliver(done, null, records.destroy(sid)),
    touch: (sid: string, session: Live, done: Done) => void deliver(done, null, records.touch(sid, session)),
    all: (done: Done) =>
      void deliver(
        done,
        null,
        records.all().map(([, session]) => session),
      ),
    length: (done: Done) => void deliver(done, null, records.length()),
    clear: (done: Done) => void deliver(done, null, records.clear()),
  }
}
