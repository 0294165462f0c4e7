import type { Version } from '../policy/version'
import type { IdState } from '../store-guard/id-state'
import type { Stored } from '../store-guard/stored'
import type { SessionData } from '../types'
import type { SessionOwner } from './attach'
import type { Baseline } from './baseline'
import { storedOf } from './record-calls'
import { stateFor } from './session-state'
import type { TrackedSession } from './tracker'

/** Returns the baseline of a session, which is made when it is first needed: before a session is saved. */
export function baselineOf(owner: SessionOwner, session: TrackedSession): Baseline {
  const state = stateFor(session, owner)
  if (owner.baseline?.state !== state) owner.baseline = makeBaseline(owner, state)
  return owner.baseline
}

/** Returns the baseline of a session that was read again from the store. */
export function reloadedBaseline(
  owner: SessionOwner,
  session: TrackedSession,
  record: SessionData,
): Baseline {
  const stored = storedOf(record)
  return newBaseline(stateFor(session, owner), stored.version, stored)
}

function makeBaseline({ record, tracker, settings, idState }: SessionOwner, state: IdState): Baseline {
  // Without `merge`, the session may have been saved by other means since it was loaded.
  const held = settings.merges ? tracker.loaded : tracker.held
  const isUnsaved = record === undefined && (settings.merges || !tracker.isStored)
  // A session with kept data is saved before it is the session of the request.
  const isNew = isUnsaved || state !== idState
  if (isNew || !held) return newBaseline(state, EMPTY, undefined)
  // `refreshCookie` may have given the loaded session another lifetime than its record has.
  const lifetime = settings.merges ? record?.cookie?.originalMaxAge : held.lifetime
  const version = { snapshot: held.snapshot, lifetime }
  return newBaseline(state, version, { record, version })
}

function newBaseline(state: IdState, base: Version, stored: Stored | undefined): Baseline {
  return { state, base, stored, isLost: false, running: new Set() }
}

const EMPTY: Version = { snapshot: '{}', lifetime: undefined }
