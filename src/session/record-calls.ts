import { isMissing } from '../store-guard/call-store'
import type { IdState } from '../store-guard/id-state'
import type { Stored } from '../store-guard/stored'
import type { Outcome, SessionData } from '../types'
import type { SessionOwner } from './attach'
import { takeSnapshot } from './snapshot'

/** The calls of a store for one id, as promises. */
export class RecordCalls {
  constructor(
    private readonly owner: SessionOwner,
    readonly sid: string,
    readonly state: IdState,
  ) {}

  /** Resolves to the record as it is now; undefined if there is none. */
  async read(): Promise<Stored | undefined> {
    const record = await new Promise<SessionData | null | undefined>((resolve, reject) => {
      this.owner.store.get(
        this.sid,
        (err, record) => (err && !isMissing(err) ? reject(err) : resolve(record)),
        this.state,
        this.owner.settings.limits,
      )
    })
    return record ? storedOf(record) : undefined
  }

  /**
   * Replaces the stored record. Resolves to true if it did; to false if there is no record any more; and to the record that
   * is stored now, if it is another one. A store without `compareAndSet` writes in any case.
   */
  async write(record: SessionData, stored: Stored | undefined): Promise<boolean | Stored> {
    if (!this.owner.store.comparison.isPossible) return this.set(record)
    const outcome = await this.compareAndSet(record, stored?.record)
    return typeof outcome === 'object' ? storedOf(outcome) : outcome
  }

  private compareAndSet(record: SessionData, loaded: SessionData | undefined): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.owner.store.compareAndSet(
        this.sid,
        record,
        loaded,
        (err, outcome) => (err ? reject(err) : resolve(outcome as Outcome)),
        this.state,
        this.owner.settings.limits,
      )
    })
  }

  private set(record: SessionData): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.owner.store.set(
        this.sid,
        record,
        (err) => (err ? reject(err) : resolve(!this.state.isDestroyed)),
        this.state,
      )
    })
  }
}

/** The data and the lifetime of a record. */
export function storedOf(record: SessionData): Stored {
  const version = { snapshot: takeSnapshot(record), lifetime: record.cookie?.originalMaxAge }
  return { record, version }
}
