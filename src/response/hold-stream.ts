import { announcedLength } from './body'
import { takeBack } from './discard-response'
import { AFTER_UNSENT_END, freeze } from './freeze'
import type { HeldResponse } from './held-response'
import { isGone, isHeadBuilt } from './response-head'

/** Called after the headers were built. If the response is a stream, its bytes wait for the work of `onStream`. */
export function holdStream(held: HeldResponse): void {
  const { res, hooks, head } = held
  if (held.state !== 'open') return
  if (!isHeadBuilt(res)) return head.uncork()
  res.on?.('close', () => {
    if (held.state === 'open') hooks.onDisconnect((err) => held.report(err))
    closeStream(held)
  })
  hooks.onStream((err) => {
    if (err && hooks.mustSucceed) return failStream(held, err)
    held.report(err)
    head.uncork()
  })
}

/**
 * The response depends on a save that has failed before its end. If its length is announced, a client would not notice
 * that it is cut at its end: none of it is sent, and the error handler's response follows its end. Others are sent, since
 * they may never end.
 */
function failStream(held: HeldResponse, err: unknown): void {
  const { res } = held
  if (isGone(res)) return held.report(err)
  held.streamFailure = { err }
  // If `end` was called meanwhile, the commit goes on, and then this error is used.
  if (held.state !== 'open') return
  const mayDrop = held.hooks.dropsStream || announcedLength(res) !== undefined
  if (mayDrop && takeBack(held)) {
    held.state = 'dropped'
    held.streamFailure.unfreeze = freeze(res, AFTER_UNSENT_END)
  }
  held.head.uncork()
}

/** The client has disconnected, so no error handler can answer at the end of a stream that depends on a failed save. */
function closeStream(held: HeldResponse): void {
  if (held.state === 'dropped') held.state = 'cut'
  else if (held.state !== 'open') return
  held.report(held.streamFailure?.err)
}
