import { merge } from '../policy/merge'
import type { SessionData } from '../types'
import type { SessionOwner } from './attach'
import { baselineOf } from './make-baseline'
import { cookieWith, noteLost } from './merge-record'
import { RecordCalls } from './record-calls'
import { takeSnapshot } from './snapshot'
import type { TrackedSession } from './tracker'

/**
 * Reads what the store has now, and resolves to the request's session with the changes of other requests, for
 * `saveMode: 'merge'`. Resolves to undefined if the record is gone. Values that no other request has changed are the same.
 */
export async function freshSession(owner: SessionOwner): Promise<object | undefined> {
  const before = owner.baseline
  if (before?.saving) await before.saving
  const value = owner.req.session
  if (!value) return {}
  const session = owner.refresh(value)
  const baseline = baselineOf(owner, session)
  const stored = await new RecordCalls(owner, session.id, baseline.state).read()
  if (!stored) {
    noteLost(owner, baseline)
    return undefined
  }
  const mine = { snapshot: takeSnapshot(session), lifetime: session.cookie.originalMaxAge }
  const merged = merge(baseline.base, mine, stored.version)
  const cookie = cookieWith(session.cookie, merged.lifetime)
  return { ...withChanges(session, JSON.parse(mine.snapshot), JSON.parse(merged.snapshot)), cookie }
}

type Data = Record<string, unknown>

/** Returns the data of a session with the keys in which `merged` differs from `mine`. */
function withChanges(session: TrackedSession, mine: Data, merged: Data): Data {
  const { cookie: _cookie, ...data } = session as TrackedSession & Partial<SessionData> & Data
  for (const key of Object.keys(mine)) if (!(key in merged)) delete data[key]
  for (const [key, value] of Object.entries(merged)) {
    if (JSON.stringify(mine[key]) !== JSON.stringify(value)) data[key] = value
  }
  return data
}
