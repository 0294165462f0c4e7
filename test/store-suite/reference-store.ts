import type { Ability } from '../../src/store-suite'
import type { SessionData } from '../../src/types'

// biome-ignore lint/suspicious/noExplicitAny: a store returns any JSON
type Callback = (err?: any, value?: any) => void

export const ALL_ABILITIES: readonly Ability[] = [
  'touch',
  'all',
  'length',
  'clear',
  'expiry',
  'compareAndSet',
]

export interface Entry {
  json: string
  expires: number
}

/** A store that follows every rule; the tests replace single methods of it by faulty ones. */
export class ReferenceStore {
  entries = new Map<string, Entry>()
  texts = new WeakMap<object, string>()

  get(sid: string, callback: Callback) {
    const entry = this.find(sid)
    this.answer(callback, entry && this.give(entry))
  }

  set(sid: string, session: SessionData, callback?: Callback) {
    this.entries.set(sid, this.entryOf(session))
    this.answer(callback)
  }

  destroy(sid: string, callback?: Callback) {
    this.entries.delete(sid)
    this.answer(callback)
  }

  touch(sid: string, session: SessionData, callback?: Callback) {
    const entry = this.find(sid)
    if (entry) entry.expires = expiryOf(session)
    this.answer(callback)
  }

  compareAndSet(sid: string, session: SessionData, loaded: SessionData | undefined, callback?: Callback) {
    this.answer(callback, this.compare(sid, session, loaded))
  }

  /** Does what `compareAndSet` is to do, and returns the outcome. */
  compare(sid: string, session: SessionData, loaded: SessionData | undefined): boolean | SessionData {
    const entry = this.find(sid)
    const isSame = loaded ? entry && this.texts.get(loaded) === textOf(entry.json) : !entry
    if (!isSame) return entry ? this.give(entry) : false
    const written = this.entryOf(session)
    this.entries.set(sid, written)
    this.texts.set(session, textOf(written.json))
    return true
  }

  all(callback: Callback) {
    const records = [...this.entries.values()].map(({ json }) => JSON.parse(json))
    this.answer(callback, records)
  }

  length(callback: Callback) {
    this.answer(callback, this.entries.size)
  }

  clear(callback?: Callback) {
    this.entries.clear()
    this.answer(callback)
  }

  find(sid: string): Entry | undefined {
    const entry = this.entries.get(sid)
    return entry && entry.expires > Date.now() ? entry : undefined
  }

  /** Returns the record as an object whose text is known. */
  give(entry: Entry): SessionData {
    const record = JSON.parse(entry.json)
    this.texts.set(record, textOf(entry.json))
    return record
  }

  answer(callback: Callback | undefined, value?: unknown) {
    if (callback) setImmediate(callback, null, value)
  }

  entryOf(session: SessionData): Entry {
    return { json: JSON.stringify(session), expires: expiryOf(session) }
  }
}

/** The JSON without the expiry, which `compareAndSet` does not compare. */
function textOf(json: string): string {
  const { cookie, ...data } = JSON.parse(json)
  return JSON.stringify({ ...data, cookie: { ...cookie, expires: null } })
}

function expiryOf({ cookie }: SessionData): number {
  return cookie.expires ? new Date(cookie.expires).getTime() : Number.POSITIVE_INFINITY
}
