import type { Ability } from '../../src/store-suite'
import type { SessionData } from '../../src/types'

// biome-ignore lint/suspicious/noExplicitAny: a store returns any JSON
type Callback = (err?: any, value?: any) => void

export const ALL_ABILITIES: readonly Ability[] = ['touch', 'all', 'length', 'clear', 'expiry', 'update']

export interface Entry {
  json: string
  expires: number
}

/** A store that follows every rule; the tests replace single methods of it by faulty ones. */
export class ReferenceStore {
  entries = new Map<string, Entry>()

  get(sid: string, callback: Callback) {
    const entry = this.find(sid)
    this.answer(callback, entry && JSON.parse(entry.json))
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

  update(sid: string, session: SessionData, callback?: Callback) {
    const isThere = this.find(sid) !== undefined
    if (isThere) this.entries.set(sid, this.entryOf(session))
    this.answer(callback, isThere)
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

  answer(callback: Callback | undefined, value?: unknown) {
    if (callback) setImmediate(callback, null, value)
  }

  entryOf(session: SessionData): Entry {
    return { json: JSON.stringify(session), expires: expiryOf(session) }
  }
}

function expiryOf({ cookie }: SessionData): number {
  return cookie.expires ? new Date(cookie.expires).getTime() : Number.POSITIVE_INFINITY
}
