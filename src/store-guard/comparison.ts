import { reportOn } from '../diagnostics/store-reports'
import type { Outcome, SessionData, StoreLike } from '../types'
import { canCompare } from './abilities'

/** Whether a store compares records (`compareAndSet`), as far as this process has learnt. */
export class Comparison {
  /** The store answers with copies of its records, so it cannot compare them with what it has given. */
  private givesCopies = false

  constructor(private readonly store: StoreLike) {}

  /** The store compares records. One that cannot writes in any case. */
  get isPossible(): boolean {
    return !this.givesCopies && canCompare(this.store)
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
