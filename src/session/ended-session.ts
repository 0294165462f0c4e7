import type { Cookie } from '../cookie/cookie'
import type { IdState } from '../store-guard/id-state'

/**
 * Called before the record of a request's session is removed. A session that has ended already was not ended by this
 * request.
 */
export function noteEnd(owner: Ender, state = owner.idState): void {
  if (owner.isLoaded && state && !state.isDestroyed) owner.hasEnded = true
}

/** Returns the cookie that the browser sent, if this request has ended its session. */
export function endedCookie(owner: Ender): Cookie | undefined {
  return owner.hasEnded ? owner.sentCookie : undefined
}

/** Returns whether this request has destroyed its session. What the application assigns afterwards gets a new id. */
export function hasDestroyed({ destroyedState, idState }: Destroyer): boolean {
  return destroyedState !== undefined && destroyedState === idState && idState.isDestroyed
}

/** The parts of a request's session that say what the request has destroyed. */
export interface Destroyer {
  readonly idState: IdState | undefined
  /** The state of the last session that this request has destroyed. */
  readonly destroyedState: IdState | undefined
}

/** The parts of a request's session that say whether the request has ended the session that it had loaded. */
interface Ender {
  readonly idState: IdState | undefined
  readonly isLoaded: boolean
  /** The cookie of the record that the session was loaded from, as the browser has it. */
  readonly sentCookie: Cookie | undefined
  hasEnded: boolean
}
