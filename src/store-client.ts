import { expiryOf } from './cookie'
import { DeadIds } from './dead-ids'
import { type Answer, answerByReturn, type Method, once } from './once'
import type { SessionRequest } from './request'
import { passesSnapshot } from './snapshot'
import type { Done, GetDone, SessionData, StoreLike } from './types'

const clients = new WeakMap<StoreLike, StoreClient>()

/** The one client of a store, for every middleware and every session that uses it. */
export function clientOf(store: StoreLike): StoreClient {
  let client = clients.get(store)
  if (!client) {
    client = new StoreClient(store)
    clients.set(store, client)
  }
  return client
}

/**
 * Talks to any store. Each call is answered exactly once, whatever the store does; and an id that was destroyed
 * here stays destroyed, whatever is still in flight.
 */
export class StoreClient {
  /** False between the store's 'disconnect' and 'connect' events. */
  isReady = true
  private readonly dead = new DeadIds()
  private generate: StoreLike['generate']

  constructor(readonly store: StoreLike) {
    store.on?.('disconnect', () => {
      this.isReady = false
    })
    store.on?.('connect', () => {
      this.isReady = true
    })
  }

  /** Asked anew each time, since some stores get their methods late. */
  get canTouch(): boolean {
    return typeof this.store.touch === 'function'
  }

  /** Gives the store the function that makes a request's session; some applications wrap it. */
  provideGenerate(generate: (req: SessionRequest) => void): void {
    this.generate = generate as StoreLike['generate']
    this.store.generate = this.generate
  }

  get generatesByDefault(): boolean {
    return this.store.generate === this.generate
  }

  isDead(sid: string): boolean {
    return this.dead.has(sid)
  }

  /** From now on nothing is written for this id. */
  bury(sid: string): void {
    this.dead.use(sid)
  }

  /** An id that is generated anew may live, even if one of that name was destroyed before. */
  revive(sid: string): void {
    this.dead.delete(sid)
  }

  /** Answers without a record where there is none, where it expired, and where its id was destroyed meanwhile. */
  get(sid: string, callback: GetDone): void {
    const isTrusted = passesSnapshot(this.store.get)
    this.ask('get', [sid], (err, record, snapshot) => {
      if (err) return callback(err)
      if (!record || this.isDead(sid) || isExpired(record as SessionData)) return callback()
      callback(undefined, record as SessionData, isTrusted ? (snapshot as string) : undefined)
    })
  }

  set(sid: string, session: SessionData, snapshot: string | undefined, callback: Done): void {
    this.write('set', sid, session, callback, snapshot)
  }

  touch(sid: string, session: SessionData, callback: Done): void {
    this.write('touch', sid, session, callback)
  }

  /** The id is dead while the store is busy removing it, and stays so unless that failed. */
  destroy(sid: string, callback: Done): void {
    const wasDead = this.isDead(sid)
    this.bury(sid)
    this.ask('destroy', [sid], (err) => {
      if (err && !wasDead) this.revive(sid)
      callback(err)
    })
  }

  private write(name: 'set' | 'touch', sid: string, session: SessionData, callback: Done, snapshot?: string) {
    if (this.isDead(sid)) return queueMicrotask(callback)
    const done: Done = (err) => {
      if (!this.isDead(sid)) return callback(err)
      // The id died while the store was writing, and the write may have come last.
      this.ask('destroy', [sid], (fault) => callback(err ?? fault))
    }
    this.ask(name, [sid, session], done, snapshot)
  }

  /** The only place where a store is called. */
  private ask(name: keyof StoreLike, args: unknown[], callback: Answer, snapshot?: string): void {
    const answer = once(callback)
    const { store } = this
    const arity = args.length + 1
    try {
      const method = store[name] as Method
      const isHanded = snapshot !== undefined && passesSnapshot(method)
      const returned = isHanded
        ? method.call(store, ...args, answer, snapshot)
        : method.call(store, ...args, answer)
      answerByReturn(returned, method, arity, answer)
    } catch (err) {
      answer(err ?? new Error(`the session store's ${name} threw without an error`))
    }
  }
}

function isExpired(record: SessionData): boolean {
  const expiry = expiryOf(record.cookie)
  return expiry !== undefined && expiry <= Date.now()
}
