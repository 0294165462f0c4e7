import { IdState } from '../store-guard/id-state'
import type { SessionOwner } from './attach'
import { ReturnsItsArgument } from './returns-its-argument'
import type { TrackedSession } from './tracker'

/** Sets the state of the id that a session object was made for. A kept object is refused by it after its id has ended. */
export function setIdState(session: object, state: IdState): void {
  if (!StateField.set(session, state)) new StateField(session, state)
}

/** Returns that state. A proxy and a clone of a session have none. */
export function idStateOf(session: object): IdState | undefined {
  return StateField.get(session)
}

/** Returns the state of the session's id. A proxy around a session has none, and a clone may have no owner. */
export function stateFor(session: TrackedSession, owner: SessionOwner | undefined): IdState {
  return idStateOf(session) ?? owner?.idState ?? new IdState(session.id)
}

/**
 * A private field of session objects. Applications and typings cannot see it, copies do not have it, and it costs a small
 * part of a WeakMap entry or of a hidden property.
 */
class StateField extends ReturnsItsArgument {
  #state: IdState

  constructor(session: object, state: IdState) {
    super(session)
    this.#state = state
  }

  static get(session: object): IdState | undefined {
    return #state in session ? session.#state : undefined
  }

  static set(session: object, state: IdState): boolean {
    if (!(#state in session)) return false
    session.#state = state
    return true
  }
}
