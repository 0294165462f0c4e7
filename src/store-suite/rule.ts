import type { Trial } from './trial'

/** What a store may support in addition to `get`, `set` and `destroy`. `expiry`: it serves no expired records. */
export type Ability = 'touch' | 'all' | 'length' | 'clear' | 'expiry' | 'compareAndSet'

/** One rule that a session store must follow. */
export interface Rule {
  /** The behaviour of a store that follows the rule; also the rule's name in `known`. */
  title: string
  /** The rule is checked only for stores with all these abilities. Default: for every store. */
  needs?: readonly Ability[]
  /** Checks the rule on an empty store; rejects with an AssertionError when the store breaks it. */
  check(trial: Trial): Promise<void>
}
