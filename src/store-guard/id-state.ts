/**
 * The state of a session id, shared by the requests and Session objects that use it at the same time. It says whether the
 * id was destroyed since they began. Requests that begin after the destroy get a new state.
 */
export class IdState {
  /** The limit by which the record of this id has ended. Undefined if it has not ended, or if no record was found. */
  endedBy: string | undefined
  /** The record was destroyed. This is final. */
  isEnded = false
  /** The number of `destroy` calls in progress. */
  destroys = 0
  /** The number of `set` and `touch` calls in progress. */
  writes = 0
  /** `IdStates` finds this state by its id. */
  isListed = false
  /** The listed state of the same id, if a new session got an id that was in use (by `genid`). It replaces this one. */
  listed: IdState | undefined

  private id: string | (() => string)

  /** A function gives the id when it is first needed. */
  constructor(id: string | (() => string)) {
    this.id = id
  }

  get sid(): string {
    // The function is dropped, since it refers to a request, and a state may be kept until the next garbage collection.
    if (typeof this.id === 'function') this.id = this.id()
    return this.id
  }

  /** The id was destroyed, or is being destroyed: it must be neither served nor written. */
  get isDestroyed(): boolean {
    const { isEnded, destroys } = this.listed ?? this
    return isEnded || destroys > 0
  }

  /** No call in progress could bring the record of this destroyed id back. */
  get isSettled(): boolean {
    return this.isEnded && this.destroys === 0 && this.writes === 0
  }
}
