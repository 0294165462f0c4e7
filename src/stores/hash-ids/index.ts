import { passReports } from '../../diagnostics/store-reports'
import { pairWithSet } from '../../store-guard/abilities'
import { callStore, isMissing } from '../../store-guard/call-store'
import { knownIds, noteAllRemoved, noteRemoval } from '../../store-guard/guarded-store'
import type { KeyedStore } from '../../store-guard/keyed-store'
import { defineSyncMethod, type SyncMethods, syncMethodOf } from '../../store-guard/sync-methods'
import type {
  Answer,
  Done,
  FoundDone,
  GetDone,
  OutcomeDone,
  SessionData,
  StoreLike,
  UserOf,
} from '../../types'
import { Store } from '../store'
import { checkInner, checkOptions } from './check-inner'
import { keyOf } from './key'
import { Migration } from './migrate'
import { SessionViews } from './session-views'

/** The options of `hashIds`. */
export interface HashIdsOptions {
  /**
   * Also finds records that were stored under plain ids before, and moves each one to its key when it is first read.
   * Default: false. Set it while old sessions live, then remove it.
   */
  migrate?: boolean | undefined
}

/**
 * Returns a store around a store that never sees a session id: its keys are SHA-256 hashes of the ids (as Rack's private
 * ids, CVE-2019-16782). A person who can read the database, its log or its backup cannot use a session in it. The methods `touch`,
 * `all`, `length`, `clear`, `compareAndSet`, `index` and `findByUser` are there if the store has them. Throws a TypeError for
 * something that is no store, and for a store that hashes ids already.
 */
export function hashIds(store: StoreLike, options?: HashIdsOptions): HashedStore {
  return new HashedStore(checkInner(store), checkOptions(options))
}

/** A store whose records are in another store, under hashes of the ids. Made by `hashIds`. */
export class HashedStore extends Store implements KeyedStore {
  /** The store that has the records. */
  declare readonly store: StoreLike

  /** @internal */
  constructor(store: StoreLike, { migrate }: { migrate: boolean }) {
    super()
    const hidden = { migration: migrate ? new Migration(store) : undefined, views: new SessionViews() }
    Object.defineProperties(this, { store: { value: store }, [HIDDEN]: { value: hidden } })
    for (const [name, method] of Object.entries(OPTIONAL)) {
      if (typeof Reflect.get(store, name) === 'function') Object.assign(this, { [name]: method })
    }
    passReports(store, this)
    for (const event of ['disconnect', 'connect']) store.on?.(event, () => this.emit(event))
  }

  /** Returns the key of the record of this id: 'sha256-' and the SHA-256 of the id in base64url. */
  keyOf(sid: string): string {
    return keyOf(sid)
  }

  override get(sid: string, callback: GetDone): void {
    const { migration } = this[HIDDEN]
    if (migration) migration.get(sid, keyOf(sid), callback)
    else callStore(this.store, 'get', [keyOf(sid)], callback as Answer)
  }

  override set(sid: string, session: SessionData, callback?: Done): void {
    const key = keyOf(sid)
    callStore(this.store, 'set', [key, this[HIDDEN].views.viewOf(session, key)], callback ?? ignore)
  }

  override destroy(sid: string, callback?: Done): void {
    const finish = noteRemoval(this as never, sid)
    const done: Done = (err) => {
      finish?.(err)
      callback?.(err)
    }
    const key = keyOf(sid)
    // An old record may not have been moved yet.
    if (!this[HIDDEN].migration) callStore(this.store, 'destroy', [key], done)
    else destroyBoth(this.store, key, sid, done)
  }

  /** Removes the record with this key, as `all` and `findByUser` give it. It is no error if there is none. */
  destroyKey(key: string, callback?: Done): void {
    const ids = knownIds(this as never).filter((sid) => keyOf(sid) === key)
    const finishes = ids.map((sid) => noteRemoval(this as never, sid))
    callStore(this.store, 'destroy', [key], (err) => {
      for (const finish of finishes) finish?.(err)
      callback?.(err)
    })
  }

  /** @internal */
  declare readonly [HIDDEN]: { readonly migration: Migration | undefined; readonly views: SessionViews }
}

const HIDDEN: unique symbol = Symbol('hidden')

/** The methods that only some stores have. */
const OPTIONAL = {
  touch(this: HashedStore, sid: string, session: SessionData, callback?: Done): void {
    const key = keyOf(sid)
    callStore(this.store, 'touch', [key, this[HIDDEN].views.viewOf(session, key)], callback ?? ignore)
  },
  compareAndSet(
    this: HashedStore,
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback: OutcomeDone,
  ): void {
    const { views } = this[HIDDEN]
    const key = keyOf(sid)
    const view = views.viewOf(session, key)
    callStore(this.store, 'compareAndSet', [key, view, views.knownOf(loaded)], (err, outcome) => {
      if (outcome === true) views.noteWritten(session, view)
      callback(err, outcome as never)
    })
  },
  /** Answers with the records by their keys, not by ids. */
  all(this: HashedStore, callback: Answer): void {
    call(this.store, 'all', [], callback)
  },
  length(this: HashedStore, callback: Answer): void {
    call(this.store, 'length', [], callback)
  },
  clear(this: HashedStore, callback?: Done): void {
    noteAllRemoved(this as never, () => false)
    call(this.store, 'clear', [], callback ?? ignore)
  },
  index(this: HashedStore, userOf: UserOf): void {
    this.store.index?.(userOf)
  },
  findByUser(this: HashedStore, user: string, callback: FoundDone): void {
    callStore(this.store, 'findByUser', [user], callback as Answer)
  },
}

pairWithSet(OPTIONAL.compareAndSet, HashedStore.prototype.set)

/** Gives the methods the synchronous forms that those of the store inside have. */
function defineSyncForms(): void {
  const define = <Name extends 'get' | 'set' | 'touch' | 'compareAndSet'>(holder: object, name: Name) => {
    const form = function (this: HashedStore, sid: string, ...args: unknown[]) {
      const method = syncMethodOf(this.store, name) as (this: StoreLike, ...args: unknown[]) => unknown
      return method.call(this.store, keyOf(sid), ...args)
    }
    defineSyncMethod(holder as never, name, form as SyncMethods[Name], isSync(name))
  }
  define(HashedStore.prototype, 'get')
  define(HashedStore.prototype, 'set')
  define(OPTIONAL, 'touch')
  define(OPTIONAL, 'compareAndSet')
}
defineSyncForms()

function isSync(name: keyof SyncMethods) {
  return (store: object): boolean => {
    const hashed = store as HashedStore
    return hashed[HIDDEN].migration === undefined && syncMethodOf(hashed.store as never, name) !== undefined
  }
}

function destroyBoth(store: StoreLike, key: string, sid: string, done: Done): void {
  callStore(store, 'destroy', [key], (err) => {
    callStore(store, 'destroy', [sid], (fault) => done(err && !isMissing(err) ? err : fault))
  })
}

/** `all`, `length` and `clear` are for applications, so `StoreLike` does not have them. */
function call(store: StoreLike, name: string, args: unknown[], callback: Answer): void {
  callStore(store, name as keyof StoreLike, args, callback)
}

function ignore(): void {}
