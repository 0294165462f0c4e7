import { reportOn } from '../diagnostics/store-reports'
import type { Outcome, SessionData, StoreLike } from '../types'
import { canCompare } from './abilities'

/** Whether a store compares records (`compareAndSet`), as far as this process has learnt. */
export class Comparison {
  /** The store answers with copies of its records, so it cannot compare them with what it has given. */
  private givesCopies = false
  private isReported = false

  constructor(private readonly store: StoreLike) {}

  /** The store compares records. A store that cannot is written without a condition. */
  get isPossible(): boolean {
    if (this.givesCopies) return false
    if (canCompare(this.store)) return true
    if (typeof this.store.compareAndSet === 'function' && !this.isReported) this.reportReplacedSet()
    return false
  }

  private reportReplacedSet(): void {
    this.isReported = true
    reportOn(
      this.store,
      'SESSIONWARE_SET_REPLACED',
      'the set() of the session store was replaced, by a subclass, a wrapper or a spy, but not its compareAndSet(), so that one is not used and processes may overwrite the changes of others: replace both, or none',
    )
  }

  /**
   * Called when `compareAndSet` has answered with a record. If it has just given an equal one, it did not know that
   * object: a wrapper copies records, so the store cannot compare them.
   */
  noteConflict(before: SessionData | undefined, now: SessionData | undefined): void {
    if (!before || JSON.stringify(before) !== JSON.stringify(now)) return
    this.givesCopies = true
    reportOn(
      this.store,
      'SESSIONWARE_COPIED_RECORDS',
      'the session store gives copies of the records that its compareAndSet must know, so compareAndSet is not used: a wrapper of the store must pass the same objects on',
    )
  }
}

/** Returns the answer of `compareAndSet`. Throws a TypeError if it is neither true, false nor a record. */
export function readOutcome(answer: unknown): Outcome {
  if (typeof answer === 'boolean') return answer
  if (typeof answer === 'object' && answer !== null) return answer as SessionData
  throw new TypeError(
    "the session store's compareAndSet answered with nothing: it must be true, false or a record",
  )
}
