import { withoutChunk } from './body'
import { defer } from './defer'
import { AFTER_UNSENT_END, freeze, freezeForGood } from './freeze'
import type { HeldResponse } from './held-response'
import { passEnd, passLateEnds } from './pass-end'
import { awaitReplacement, discardHead } from './replace-response'
import { warn } from './report'
import { type EndArguments, isHeadBuilt } from './response-head'

/** Called when the response must not be sent: it is discarded or, if a part of it was sent, cut. */
export function failResponse(held: HeldResponse, args: EndArguments, err: unknown): void {
  if (takeBack(held)) discard(held, args, err)
  else cut(held, err)
}

/** The error handler's response is sent instead. `args` are those of the `end` that is not passed on. */
export function discard(held: HeldResponse, args: EndArguments, err: unknown): void {
  held.hooks.onDiscard?.()
  held.head.uncork()
  held.late = [withoutChunk(args), ...(held.late ?? [])]
  replace(held, err)
}

/** Passes an error to `next` instead of the response, of which nothing was sent. */
export function replace(held: HeldResponse, err: unknown): void {
  const { res, hooks } = held
  held.state = 'failed'
  const unfreeze = freeze(res, AFTER_UNSENT_END)
  defer(() => {
    unfreeze()
    held.state = 'replaced'
    discardHead(res, hooks.cookie)
    awaitReplacement(
      res,
      () => hooks.next(err),
      () => sendBare(held, err),
    )
  })
}

/**
 * Takes back what was written and not sent. Returns false if a part was sent. A middleware that has wrapped our `end` may
 * have begun its own body (compression), which cannot be taken back.
 */
export function takeBack({ res, head, ownEnd }: HeldResponse): boolean {
  return (!isHeadBuilt(res) || res.end === ownEnd) && head.takeBack()
}

/** Without the end of the response the client notices that it is not complete. */
function cut(held: HeldResponse, err: unknown): void {
  held.state = 'cut'
  held.report(err)
  held.head.cut()
  freezeForGood(held.res)
}

/** Sends a response without content, if no error handler does. */
function sendBare(held: HeldResponse, err: unknown): void {
  if (held.state !== 'replaced') return
  warn(err)
  discardHead(held.res, held.hooks.cookie)
  passEnd(held, [])
  passLateEnds(held)
}
