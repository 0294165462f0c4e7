import { restoreCookie } from '../../cookie/restore-cookie'
import { canCompare } from '../../store-guard/abilities'
import { callStore, isMissing } from '../../store-guard/call-store'
import type { Answer, GetDone, SessionData, StoreLike } from '../../types'
import { isKey } from './key'

/**
 * Moves the records that a store has under plain ids to their keys, each one when it is first read. Requests of one session
 * at the same time wait for the first one.
 */
export class Migration {
  private readonly moving = new Map<string, GetDone[]>()

  constructor(private readonly store: StoreLike) {}

  /** Answers with the record of the key or, if there is none, with the one of the id, which it moves. */
  get(sid: string, key: string, callback: GetDone): void {
    // A key of the store is no session id: a person who has read the keys must not get a session with one.
    if (isKey(sid)) return this.read(key, callback)
    const waiting = this.moving.get(key)
    if (waiting) return void waiting.push(callback)
    this.read(key, (err, record) => {
      if (err || record) return callback(err, record)
      const others = this.moving.get(key)
      if (others) return void others.push(callback)
      this.moving.set(key, [])
      this.move(sid, key, (err, found) => {
        const waiting = this.moving.get(key) ?? []
        this.moving.delete(key)
        callback(err, found)
        // Each request needs an object of its own.
        for (const each of waiting) this.read(key, each)
      })
    })
  }

  private move(sid: string, key: string, callback: GetDone): void {
    this.read(sid, (err, record) => {
      if (err) return callback(err)
      // Another request or process may have moved it since the key was read.
      if (!record) return this.read(key, callback)
      const remove: Answer = (fault) => {
        if (fault) return callback(fault)
        this.call('destroy', [sid], (err) => {
          if (err && !isMissing(err)) return callback(err)
          this.read(key, callback)
        })
      }
      const moved = withLiveCookie(record)
      // Another process may be faster: its record is the newer one.
      if (canCompare(this.store)) this.call('compareAndSet', [key, moved, undefined], remove)
      else this.call('set', [key, moved], remove)
    })
  }

  private read(key: string, callback: GetDone): void {
    this.call('get', [key], (err, record) => {
      if (err && isMissing(err)) return callback()
      callback(err, record as SessionData | null | undefined)
    })
  }

  private call(name: keyof StoreLike, args: unknown[], callback: Answer): void {
    callStore(this.store, name, args, callback)
  }
}

/** How long a moved record lives whose own end is over, in milliseconds: the request that reads it sets another one. */
const GRACE = 60_000

/**
 * Stores read the end of a record from a live cookie. The end in a record may be over, where `touch` has moved one that the
 * store keeps elsewhere.
 */
function withLiveCookie(record: SessionData): SessionData {
  const { id: _id, ...data } = record as SessionData & { id?: unknown }
  if (!record.cookie) return record
  const cookie = restoreCookie(record.cookie)
  const { expires, originalMaxAge } = cookie
  if (expires && expires.getTime() <= Date.now() + GRACE) {
    cookie.expires = new Date(Date.now() + GRACE)
    cookie.originalMaxAge = originalMaxAge
  }
  return { ...data, cookie } as SessionData
}
