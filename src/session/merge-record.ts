import { restoreCookie } from '../cookie/restore-cookie'
import { merge } from '../policy/merge'
import { isSameLifetime, type Version } from '../policy/version'
import type { Stored } from '../store-guard/stored'
import { compareAndSetSync } from '../store-guard/sync-calls'
import { inTurn, type Turn } from '../store-guard/turns'
import type { SessionCookie, SessionData } from '../types'
import type { SessionOwner } from './attach'
import type { Baseline, RunningWrite } from './baseline'
import { baselineOf } from './make-baseline'
import { nextToCompare } from './next-to-compare'
import { RecordCalls } from './record-calls'
import { noteSaved } from './running-writes'
import { conflictError, nestedError } from './save-errors'
import { noteWrite, storeCookie } from './store-view'
import type { TrackedSession } from './tracker'
import { isHeldByUpdate } from './update-scope'

/** Called with an error, or with whether the session was written: it is not if its record is gone. */
export type MergeDone = (err?: unknown, isWritten?: boolean) => void

/**
 * Writes what this request has changed onto what the store has now: `saveMode: 'merge'`. Returns whether it was written
 * if the store does it synchronously, else undefined.
 */
export function mergeSync(owner: SessionOwner, session: TrackedSession, mine: Version): boolean | undefined {
  const baseline = baselineOf(owner, session)
  let stored = baseline.stored?.version
  for (;;) {
    const merged = stored ? merge(baseline.base, mine, stored) : mine
    const outcome = compareAndSetSync(
      owner.store,
      session.id,
      storeCookie(cookieWith(session.cookie, merged.lifetime), owner, 'save'),
      merged.snapshot,
      stored,
      baseline.state,
      owner.settings.limits,
    )
    if (outcome === undefined) return undefined
    if (outcome === false) noteLost(owner, baseline)
    if (outcome === true) {
      const write = { base: baseline.base, mine }
      noteWritten(owner, session, baseline, write, { record: undefined, version: merged })
    }
    if (typeof outcome === 'boolean') return outcome
    stored = { snapshot: outcome.snapshot, lifetime: outcome.cookie?.originalMaxAge }
  }
}

/** The same for all other stores. The requests of one id in this process write one after the other. */
export function mergeInTurn(
  owner: SessionOwner,
  session: TrackedSession,
  mine: Version,
  done: MergeDone,
): void {
  const baseline = baselineOf(owner, session)
  if (isHeldByUpdate(owner.store, session.id)) return process.nextTick(done, nestedError())
  const write: RunningWrite = { base: baseline.base, mine }
  baseline.running.add(write)
  const written = inTurn(owner.store.turns, session.id, (turn) =>
    writeMerged(owner, session, write, baseline, turn),
  ).finally(() => baseline.running.delete(write))
  baseline.saving = written.then(
    (isWritten) => {
      if (!isWritten) noteLost(owner, baseline)
      // An exception of the callback must not become a rejection of this promise.
      process.nextTick(done, undefined, isWritten)
    },
    (err) => process.nextTick(done, err),
  )
}

async function writeMerged(
  owner: SessionOwner,
  session: TrackedSession,
  write: RunningWrite,
  baseline: Baseline,
  turn: Turn,
): Promise<boolean> {
  const { store } = owner
  const calls = new RecordCalls(owner, session.id, baseline.state)
  let stored = turn.note ?? baseline.stored
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (!store.comparison.isPossible && stored) {
      stored = await calls.read()
      if (!stored) return false
    }
    // An update of the same request may have ended meanwhile.
    const { base, mine } = write
    const merged = stored ? merge(base, mine, stored.version) : mine
    const record = recordOf(owner, session, merged.snapshot, cookieWith(session.cookie, merged.lifetime))
    const outcome = await calls.write(record, stored)
    if (outcome === true) {
      const written = { record, version: merged }
      noteWritten(owner, session, baseline, write, written)
      turn.note = written
    }
    if (typeof outcome === 'boolean') return outcome
    store.comparison.noteConflict(attempt > 1 ? stored?.record : undefined, outcome.record)
    if (attempt === ATTEMPTS) break
    // A store that turns out to be plain is read at the start of each attempt.
    stored = store.comparison.isPossible
      ? await nextToCompare(store, attempt, outcome, () => calls.read())
      : outcome
    if (!stored) return false
  }
  throw conflictError()
}

/** How often a session is merged anew because another process was faster. */
const ATTEMPTS = 100

function noteWritten(
  owner: SessionOwner,
  { cookie }: TrackedSession,
  baseline: Baseline,
  write: RunningWrite,
  stored: Stored,
): void {
  noteWrite(owner, baseline.state.sid, cookie)
  noteSaved(baseline, write, stored)
}

/** Called when a record is gone: the session was ended elsewhere. The requests that began before do not write it again. */
export function noteLost(owner: SessionOwner, baseline: Baseline): void {
  baseline.isLost = true
  owner.store.ids.endState(baseline.state)
  owner.settings.reporter?.report(
    'SESSIONWARE_SESSION_GONE',
    'a changed session was not saved, because its record is gone: it was destroyed or has expired while the request ran',
  )
}

/** Returns the session to store: a copy, since the application may go on with its own. */
export function recordOf(
  owner: SessionOwner,
  session: TrackedSession,
  snapshot: string,
  cookie: SessionCookie,
): SessionData {
  const { id, req } = session as TrackedSession & { req?: unknown }
  const copy = Object.create(Object.getPrototypeOf(session), { id: { value: id }, req: { value: req } })
  const data = Object.entries(JSON.parse(snapshot)).filter(([key]) => !OWN_KEYS.has(key))
  return Object.assign(copy, Object.fromEntries(data), { cookie: storeCookie(cookie, owner, 'save') })
}

/** Keys of a record that a session has for itself, or that would set its prototype. */
const OWN_KEYS = new Set(['id', 'req', 'cookie', '__proto__'])

/** Returns the cookie, or a copy of it if the lifetime is another one. */
export function cookieWith(cookie: SessionCookie, lifetime: unknown): SessionCookie {
  if (isSameLifetime(cookie.originalMaxAge, lifetime)) return cookie
  const copy = restoreCookie(cookie)
  copy.maxAge = lifetime as number
  return copy
}
