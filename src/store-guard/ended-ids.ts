import type { Answer, Done, StoreLike } from '../types'
import type { IdState } from './id-state'
import type { IdStates } from './id-states'
import { StoreTimeout } from './layers/store-timeout'

/** The parts of a guarded store that these functions need. */
interface IdGuard {
  readonly ids: IdStates
  call(name: keyof StoreLike, args: unknown[], callback: Answer, wantsLate: boolean): void
  destroy(sid: string, callback: Done, state: IdState): void
}

/** Does a write. If the id is destroyed meanwhile, the record is destroyed again. */
export function writeUnlessEnded(
  guard: IdGuard,
  sid: string,
  callback: Done,
  given: IdState,
  work: (done: Done) => void,
): void {
  const { ids } = guard
  const state = ids.list(sid, given)
  let done = callback
  state.writes++
  const finish = (err: unknown) => {
    state.writes--
    ids.settle(state)
    done(err)
  }
  const onAnswer = (err: unknown) => {
    // The write counts as being in progress until the store answers: the id may be destroyed before that.
    if (err instanceof StoreTimeout) {
      done = ignore
      return callback(err)
    }
    // A new session may have got the id meanwhile, and its record must stay.
    if (!state.isDestroyed || ids.find(sid) !== state) return finish(err)
    // The id was destroyed during this write, and the store may have done the write last.
    guard.destroy(sid, (fault) => finish(err ?? fault), state)
  }
  work(onAnswer)
}

/**
 * Calls a method that ends an id: the id counts as destroyed while the store works, and afterwards unless the store failed.
 * After a timeout it stays so, since the store may still remove the record.
 */
export function endId(
  guard: IdGuard,
  name: 'destroy' | 'regenerate',
  arg: unknown,
  sid: string,
  callback: Done,
  given: IdState | undefined,
): void {
  const { ids } = guard
  const listed = ids.list(sid, given)
  // Another process may have brought the record back since this request has ended the id: later requests use it again.
  const state = listed.isEnded ? ids.join(sid) : listed
  let done = callback
  state.destroys++
  const onAnswer = (err: unknown) => {
    if (err instanceof StoreTimeout) {
      state.isEnded = true
      done = ignore
      return callback(err)
    }
    state.destroys--
    if (!err) state.isEnded = true
    ids.settle(state)
    done(err)
  }
  guard.call(name, [arg], onAnswer, true)
}

/** Takes the place of a callback that has been called with a timeout. */
function ignore(): void {}
