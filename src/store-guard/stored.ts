import type { Version } from '../policy/version'
import type { SessionData } from '../types'

/** A record as the store has given or written it, and what it holds. `compareAndSet` knows the object. */
export interface Stored {
  readonly record: SessionData | undefined
  readonly version: Version
}
