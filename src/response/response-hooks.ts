import type { Commit, Done } from '../types'

/** Called while a response is made. */
export interface ResponseHooks {
  /**
   * Called when the headers are about to be built: the last moment to add one. Returns whether the bytes of the response
   * must wait for `onStream`. An exception is passed to `next` after the response.
   */
  onHeaders(): boolean
  /** Called when the headers are built and the response goes on. Calls `done` when its bytes may be sent. */
  onStream(done: Done): void
  /** Called when the client has disconnected after the headers were sent and before the end. */
  onDisconnect(done: Done): void
  /**
   * Called when the response ends. Returns the work that must be done first, or undefined if there is none or if it is
   * done. An exception is passed to `next`, and the error handler's response is sent instead.
   */
  onEnd(): Commit | undefined
  /** The Set-Cookie value that `onHeaders` added. */
  readonly cookie: string | undefined
  /** The work that `onEnd` returned must be done before the headers are built. */
  readonly completesHead?: boolean
  /** The error of the work that has just failed must be passed to `next` instead of the response. */
  readonly mustSucceed?: boolean
  /** After such an error, a stream without an announced length must not begin either, though it may never end. */
  readonly dropsStream?: boolean
  /** Called when the response is discarded because of such an error. */
  onDiscard?(): void
  readonly next: Done
}
