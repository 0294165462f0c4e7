import type { Trial } from './trial'

/** What a store may do beyond `get`, `set` and `destroy`. `expiry`: it serves no record that has expired. */
export type Ability = 'touch' | 'all' | 'length' | 'clear' | 'expiry' | 'update'

/** One thing that a store has to do. */
export interface Rule {
  /** What the store does that keeps it, and its name in `known`. */
  title: string
  /** The abilities without which it says nothing. */
  needs?: readonly Ability[]
  /** Tries it on an empty store; rejects with an AssertionError where it is broken. */
  check(trial: Trial): Promise<void>
}
