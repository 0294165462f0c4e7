import type { RequestSession } from '../../session/request-session'
import type { StoreCall } from '../../store-guard/layers/store-call'

const calls = new WeakMap<RequestSession, StoreCall[]>()

/** Remembers the calls of the store of an observed request. The array grows while the request runs. */
export function noteCalls(owner: RequestSession, list: StoreCall[]): void {
  calls.set(owner, list)
}

/** Returns the calls of the store that this request has made. Empty if the request is not observed. */
export function callsOf(owner: RequestSession): readonly StoreCall[] {
  return calls.get(owner) ?? []
}
