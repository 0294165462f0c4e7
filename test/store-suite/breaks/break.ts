import type { SessionData } from '../../../src/types'
import type { ReferenceStore } from '../reference-store'

// biome-ignore lint/suspicious/noExplicitAny: a store returns any JSON
export type Callback = (err?: any, value?: any) => void
export type Live = SessionData & Record<string, unknown>

/** One fault of a store, and the rules that find it. */
export interface Break {
  fault: string
  rules: string[]
  /** Returns the faulty methods; `right` is a correct store. */
  methods(right: ReferenceStore): object
}

/** A fault of `set` that changes the JSON of the stored record. */
export function keeping(fault: string, rule: string, change: (json: string) => string): Break {
  return {
    fault,
    rules: [rule],
    methods: (right) => ({
      set(sid: string, session: Live, callback?: Callback) {
        right.set(sid, session, callback)
        const entry = right.entries.get(sid)
        if (entry) entry.json = change(entry.json)
      },
    }),
  }
}

/** A fault in the conversion of ids to keys. */
export function keying(fault: string, rule: string, keyOf: (sid: string) => string): Break {
  return {
    fault,
    rules: [rule],
    methods: (right) => ({
      get: (sid: string, callback: Callback) => right.get(keyOf(sid), callback),
      set: (sid: string, session: Live, callback?: Callback) => right.set(keyOf(sid), session, callback),
      destroy: (sid: string, callback?: Callback) => right.destroy(keyOf(sid), callback),
      touch: (sid: string, session: Live, callback?: Callback) => right.touch(keyOf(sid), session, callback),
      compareAndSet: (sid: string, session: Live, loaded: Live | undefined, callback?: Callback) =>
        right.compareAndSet(keyOf(sid), session, loaded, callback),
    }),
  }
}

/** A fault of `set` that answers some sessions with an error. */
export function refusing(
  fault: string,
  rule: string,
  refuses: (json: string, sid: string) => boolean,
): Break {
  return {
    fault,
    rules: [rule],
    methods: (right) => ({
      set(sid: string, session: Live, callback: Callback) {
        if (refuses(JSON.stringify(session), sid)) callback(new Error(fault))
        else right.set(sid, session, callback)
      },
    }),
  }
}
