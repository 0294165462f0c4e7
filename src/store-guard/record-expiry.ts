import { expiryOf } from '../cookie/cookie-data'
import { lastWriteOf, startOf, touchWritesOf } from '../cookie/record-cookie'
import { isOver, type Limits } from '../policy/lifetime'
import type { SessionData, StoreLike } from '../types'
import { canTouch, touchMovesExpiryOnly } from './abilities'
import { syncMethodOf } from './sync-methods'

/** Decides which records of a store have expired. That depends on what the store's `touch` writes. */
export class RecordExpiry {
  /** A record was found that `touch` had written. Learnt while `idleTimeout` is on. */
  hasTouchedRecords = false
  /** The same, or a record was found that was saved by a process which had found one. */
  private knowsTouchWrites = false

  constructor(private readonly store: StoreLike) {}

  /** Returns whether a record has expired or, with `limits`, its absolute timeout is over. */
  isOver(record: SessionData, limits: Limits | undefined): boolean {
    if (!limits) return this.isExpired(record)
    const { cookie } = record
    if (lastWriteOf(cookie) === 'touch') this.hasTouchedRecords = true
    if (touchWritesOf(cookie)) this.knowsTouchWrites = true
    return this.isExpired(record) || isOver(limits, startOf(cookie), Date.now())
  }

  get canTouch(): boolean {
    return canTouch(this.store)
  }

  /** The store's `touch` is synchronous, so it is one of ours, and writes the cookie. */
  get touchesSync(): boolean {
    return syncMethodOf(this.store, 'touch') !== undefined
  }

  /** Whether `touch` is known to write the record, and not only an expiry that the store keeps elsewhere. */
  get touchWritesRecord(): boolean {
    return this.knowsTouchWrites || this.touchesSync
  }

  private isExpired(record: SessionData): boolean {
    const expiry = expiryOf(record.cookie)
    if (expiry === undefined || expiry > Date.now()) return false
    const isCurrent = this.knowsTouchWrites && lastWriteOf(record.cookie) !== undefined
    return isCurrent || !touchMovesExpiryOnly(this.store, record)
  }
}
