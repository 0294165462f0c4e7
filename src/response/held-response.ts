import type { ServerResponse } from 'node:http'
import type { EndArguments, ErrorReporter, ResponseHead } from './response-head'
import type { ResponseHooks } from './response-hooks'

/** The state of one response, from the middleware to its end. */
export interface HeldResponse extends ErrorReporter {
  readonly res: ServerResponse
  readonly hooks: ResponseHooks
  readonly head: ResponseHead
  /**
   * `open`: `end` was not called. `held`: the commit is running. `dropped`: the response is discarded, and its end was not
   * called. `failed`: the error is about to be passed to `next`. `replaced`: the error handler makes the response. `ended`:
   * `end` was passed to Node. `cut`: the connection was ended instead.
   */
  state: 'open' | 'held' | 'dropped' | 'failed' | 'replaced' | 'ended' | 'cut'
  /** The `end` that the response had before. */
  readonly end: (...args: EndArguments) => ServerResponse
  /** The `end` that it has got. */
  readonly ownEnd: ServerResponse['end']
  /** Calls of `end` while the first one is held. They are passed to Node after it, without their bodies. */
  late: EndArguments[] | undefined
  /** The error of a save that a stream depends on, until the stream ends. */
  streamFailure: { err: unknown; unfreeze?: () => void } | undefined
}
