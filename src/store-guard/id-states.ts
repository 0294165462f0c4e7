import { IdState } from './id-state'

/**
 * The states of the session ids that requests use now, by id. They are held weakly: the requests and sessions that use a
 * state keep it alive, so nothing has to be counted or removed when a request ends.
 */
export class IdStates {
  private readonly refs = new Map<string, WeakRef<IdState>>()
  /** A reference to an unused object. A garbage collection removes it, together with the states that are not used any more. */
  private unused = new WeakRef({})
  /** How many ids were added since that reference was checked. */
  private added = 0
  /** The entries that were not checked since the last garbage collection. */
  private unchecked: IterableIterator<[sid: string, ref: WeakRef<IdState>]> | undefined

  /** Returns the state for a request that came with this id. */
  join(sid: string): IdState {
    return this.find(sid) ?? this.add(new IdState(sid))
  }

  /**
   * Returns the state to use for a write or a destroy. A new session's state is listed at its first write: before that
   * no other request can know the id, unless `genid` has given an id that is in use.
   */
  list(sid: string, state: IdState | undefined): IdState {
    // The application may have assigned another id to the request.
    if (state?.sid !== sid) return this.join(sid)
    if (state.isListed) return state
    if (state.listed) return state.listed
    const current = this.find(state.sid)
    if (!current || current.isDestroyed) return this.add(state)
    state.listed = current
    return current
  }

  /** Returns the state that requests of this id get, if one of them is alive. */
  find(sid: string): IdState | undefined {
    return this.refs.get(sid)?.deref()
  }

  /** Returns the ids that were in use lately, those of all living requests among them. */
  known(): Iterable<string> {
    return this.refs.keys()
  }

  /** Called when the record of this id was removed. */
  end(sid: string): void {
    const state = this.find(sid)
    if (state) this.endState(state)
  }

  endState(state: IdState): void {
    state.isEnded = true
    this.settle(state)
  }

  /** The same for all ids but the ones to keep. */
  endAll(isKept: (sid: string) => boolean): void {
    for (const sid of this.refs.keys()) if (!isKept(sid)) this.end(sid)
  }

  /** Called when a store call for this id was answered. Requests of a destroyed id that begin from now on get a new state. */
  settle(state: IdState): void {
    if (state.isSettled && state.isListed && this.find(state.sid) === state) this.refs.delete(state.sid)
  }

  private add(state: IdState): IdState {
    this.removeDead()
    state.isListed = true
    this.refs.set(state.sid, new WeakRef(state))
    return state
  }

  /** Removes the entries whose state is gone: a few for each id that is added, so that there is no long pause. */
  private removeDead(): void {
    if (!this.unchecked && ++this.added >= PERIOD) this.noticeCollection()
    for (let i = 0; this.unchecked && i < STRIDE; i++) {
      const { value, done } = this.unchecked.next()
      if (done) this.unchecked = undefined
      else if (!value[1].deref()) this.refs.delete(value[0])
    }
  }

  private noticeCollection(): void {
    this.added = 0
    if (this.unused.deref()) return
    this.unused = new WeakRef({})
    this.unchecked = this.refs.entries()
  }
}

/** How many ids are added between two checks. A check keeps the unused object alive until its tick ends. */
const PERIOD = 64

/** How many entries are checked for each id that is added, after a garbage collection. */
const STRIDE = 8
