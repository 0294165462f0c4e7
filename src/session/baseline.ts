import type { Version } from '../policy/version'
import type { IdState } from '../store-guard/id-state'
import type { Stored } from '../store-guard/stored'

/** What a request knows of the record of its session: what its changes are compared with. */
export interface Baseline {
  readonly state: IdState
  /** What this request held when it loaded or last saved the session. */
  base: Version
  /** What the store had then. Undefined for a session that this request has made and not saved. */
  stored: Stored | undefined
  /** The last save of this request that the store has not answered yet, or has. */
  saving?: Promise<unknown>
  /** The record was found to be gone. */
  isLost: boolean
  /** The saves and updates of this request that run now: one may end while another one runs. */
  readonly running: Set<RunningWrite>
}

/** A write that runs: the changes from `base` to `mine` are what it saves. */
export interface RunningWrite {
  base: Version
  mine: Version
}
