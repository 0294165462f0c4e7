import { restoreCookie } from '../cookie/restore-cookie'
import { show } from '../diagnostics/show'
import { merge } from '../policy/merge'
import { isSameLifetime, isSameVersion, type Version } from '../policy/version'
import type { Stored } from '../store-guard/stored'
import { TURN_LIMIT, type Turn, type Turns } from '../store-guard/turns'
import { OWNER, type SessionOwner, type SessionRequest } from './attach'
import type { Baseline, RunningWrite } from './baseline'
import { type Draft, makeDraft, type SessionDraft, versionOf } from './draft'
import { baselineOf } from './make-baseline'
import { noteLost, recordOf } from './merge-record'
import { nextToCompare } from './next-to-compare'
import { RecordCalls } from './record-calls'
import { noteUpdated } from './running-writes'
import { conflictError, goneError, lateError, nestedError } from './save-errors'
import { assignData, type Session } from './session'
import { stateFor } from './session-state'
import { noteWrite } from './store-view'
import type { TrackedSession } from './tracker'
import { inUpdate, isInUpdate } from './update-scope'

/**
 * Changes a session safely while other requests change it: `await updateSession(req, (draft) => { draft.views++ })`.
 * `change` gets what is stored now, with what this request has changed before. If another request was faster, it is called
 * again, so it must do nothing but change the draft. Then `req.session` has the new data, and it is saved. Resolves to what
 * `change` returns. If it throws or rejects, nothing changes.
 *
 * Rejects with an error with one of these codes: ERR_SESSION_GONE (the session was ended meanwhile), ERR_SESSION_CONFLICT
 * (others were faster 20 times), ERR_SESSION_NESTED_UPDATE (`change` calls this function for the same session),
 * ERR_SESSION_HEADERS_SENT (the session is new, and its cookie cannot be sent any more). Rejects with a TypeError if the
 * middleware has not handled the request.
 */
export async function updateSession<T>(
  req: object,
  change: (draft: SessionDraft) => T | PromiseLike<T>,
): Promise<T> {
  const owner = (req as SessionRequest)[OWNER]
  if (!owner) throw new TypeError(NOT_HANDLED)
  if (typeof change !== 'function')
    throw new TypeError(
      `updateSession() needs a function that changes a draft, such as (draft) => { draft.views = 1 }, not ${show(change)}`,
    )
  // What the request has saved before comes first.
  if (owner.baseline?.saving) await owner.baseline.saving
  const value = owner.req.session
  if (!value) throw goneError()
  return new Update(owner, owner.refresh(value), change).run()
}

const NOT_HANDLED =
  'updateSession() needs a request that the session middleware has handled: explainSession(req).line says why it has not'

/** How often a `change` is called before others may keep the session. */
const ATTEMPTS = 20

/** One call of `updateSession`. */
class Update<T> {
  private readonly calls: RecordCalls
  private readonly baseline: Baseline
  /** What the request has changed, as the last draft has it. */
  private readonly own: RunningWrite

  constructor(
    private readonly owner: SessionOwner,
    private readonly session: TrackedSession,
    private readonly change: (draft: SessionDraft) => T | PromiseLike<T>,
  ) {
    // Without `merge`, saves do not keep it up to date. Updates that run at the same time share it.
    if (!owner.settings.merges && !owner.baseline?.running.size) owner.baseline = undefined
    this.baseline = baselineOf(owner, session)
    this.calls = new RecordCalls(owner, session.id, this.baseline.state)
    this.own = { base: this.baseline.base, mine: this.baseline.base }
  }

  async run(): Promise<T> {
    const { running } = this.baseline
    running.add(this.own)
    try {
      return await this.update()
    } finally {
      running.delete(this.own)
    }
  }

  private async update(): Promise<T> {
    const { owner, baseline } = this
    if (baseline.state.isDestroyed) throw goneError()
    if (isInUpdate(owner.store, this.session.id)) throw nestedError()
    if (!baseline.stored && owner.head === 'without cookie') throw lateError()
    const result = owner.store.comparison.isPossible ? await this.compare() : undefined
    return (result ?? (await this.hold())).result
  }

  /** Changes the record while other requests may do the same. Returns undefined if the store turns out to be plain. */
  private async compare(): Promise<{ result: T } | undefined> {
    const { store } = this.owner
    const { sid } = this.calls
    let turn = store.retries.has(sid) ? await takeTurn(store.retries, sid) : undefined
    try {
      let stored = await this.read()
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const draft = this.makeDraft(stored)
        const result = await this.callChange(draft)
        const outcome = await this.write(draft, stored)
        if (outcome === true) return { result }
        store.comparison.noteConflict(attempt > 1 ? stored?.record : undefined, outcome.record)
        if (!store.comparison.isPossible) return undefined
        turn ??= await takeTurn(store.retries, sid)
        if (attempt === ATTEMPTS) break
        stored = (await nextToCompare(store, attempt, outcome, () => this.calls.read())) ?? this.fail()
      }
    } finally {
      turn?.end()
    }
    throw conflictError()
  }

  /** The same for a plain store: the other requests of this process wait until the change is written. */
  private async hold(): Promise<{ result: T }> {
    const { store } = this.owner
    const { sid } = this.calls
    let turn = await takeTurn(store.turns, sid)
    try {
      const stored = await this.read()
      const draft = this.makeDraft(stored)
      turn.extend(Math.min(store.timeLimit ?? TURN_LIMIT, TURN_LIMIT))
      const result = await this.callChange(draft)
      turn.extend()
      if (turn.isOver) {
        turn = await takeTurn(store.turns, sid)
        const now = await this.read()
        if (stored && now && !isSameVersion(stored.version, now.version)) throw conflictError()
      }
      await this.write(draft, stored)
      return { result }
    } finally {
      turn.end()
    }
  }

  private async read(): Promise<Stored | undefined> {
    if (!this.baseline.stored) return undefined
    const stored = await this.calls.read()
    return stored ?? this.fail()
  }

  private makeDraft(stored: Stored | undefined): Draft {
    const draft = makeDraft(this.session, this.baseline, stored)
    Object.assign(this.own, { base: this.baseline.base, mine: draft.mine })
    return draft
  }

  private fail(): never {
    noteLost(this.owner, this.baseline)
    throw goneError()
  }

  private callChange({ data }: Draft): Promise<T> {
    return inUpdate(this.owner.store, this.calls.sid, () => this.change(data))
  }

  /** Writes the draft. Returns the record that is stored now if it is not the one that the draft was made of. */
  private async write(draft: Draft, stored: Stored | undefined): Promise<Stored | true> {
    const { data } = draft
    data.cookie ??= restoreCookie(JSON.parse(draft.cookie))
    if (typeof data.cookie !== 'object')
      throw new TypeError('the cookie of the draft that updateSession() gives must stay an object')
    const version = versionOf(data)
    if (stored && isSameVersion(version, stored.version) && JSON.stringify(data.cookie) === draft.cookie) {
      this.apply(draft, version, stored)
      return true
    }
    const record = recordOf(this.owner, this.session, version.snapshot, data.cookie)
    const outcome = await this.calls.write(record, stored)
    if (outcome === false) this.fail()
    if (outcome === true) this.apply(draft, version, { record, version })
    return outcome as Stored | true
  }

  /** Puts the data into `req.session`, and keeps what the request has changed there meanwhile. */
  private apply({ data, cookie }: Draft, version: Version, stored: Stored): void {
    const { owner } = this
    const target = this.findTarget()
    const { baseline, own } = this.findBaseline()
    const { mine } = own
    const held = merge(mine, versionOf(target), version)
    for (const key of Object.keys(target)) if (key !== 'cookie') Reflect.deleteProperty(target, key)
    assignData(target as Session, JSON.parse(held.snapshot))
    const isSame = JSON.stringify(data.cookie) === cookie && isSameLifetime(mine.lifetime, version.lifetime)
    if (!isSame) target.cookie = restoreCookie(data.cookie as never)
    owner.tracker.noteSave(target, version.snapshot)
    noteWrite(owner, baseline.state.sid, target.cookie)
    baseline.running.delete(own)
    noteUpdated(baseline, own, version, stored)
  }

  /** The session object of the request: another one if, while `change` ran, one was assigned or it was read again. */
  private findTarget(): TrackedSession {
    const { owner, session, baseline } = this
    const value = owner.req.session
    if (!value || value === session) return session
    const current = owner.refresh(value)
    return stateFor(current, owner) === baseline.state ? current : session
  }

  /** The baseline of that object. Where the session was read again, the changes since then count. */
  private findBaseline(): { baseline: Baseline; own: RunningWrite } {
    const { baseline, own } = this
    const current = this.owner.baseline
    if (!current || current === baseline || current.state !== baseline.state) return { baseline, own }
    return { baseline: current, own: { base: current.base, mine: current.base } }
  }
}

function takeTurn(turns: Turns, sid: string): Promise<Turn> {
  return new Promise((resolve) => turns.take(sid, resolve))
}
