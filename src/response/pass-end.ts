import type { ServerResponse } from 'node:http'
import { freezeForGood } from './freeze'
import type { HeldResponse } from './held-response'
import { type EndArguments, isHeadBuilt } from './response-head'

/** Passes `end` to Node. Throws Node's errors. */
export function passEnd(held: HeldResponse, args: EndArguments): ServerResponse {
  const { res, head } = held
  const isOpen = held.state === 'open'
  held.state = 'ended'
  try {
    head.thaw()
    head.uncork()
    return held.end.apply(res, args)
  } catch (err) {
    // Node could not build the head, so another response can still be made.
    if (!isHeadBuilt(res)) held.state = isOpen ? 'open' : 'replaced'
    throw err
  }
}

/** Passes on the calls of `end` that came while the first one was held. */
export function passLateEnds(held: HeldResponse): void {
  const { late = [] } = held
  held.late = undefined
  ignoreWrites(held)
  for (const rest of late) held.end.apply(held.res, rest)
}

/** Other middleware's `end` may go on later, and write. */
export function ignoreWrites({ res }: HeldResponse): void {
  if (res.finished) freezeForGood(res)
}
