import type { EndArguments } from './end-arguments'

/** How the head of a response waits for its commit: it differs between HTTP/1 and HTTP/2. */
export interface ResponseHead {
  /**
   * The response has ended by a call of `end` with these arguments: from now on its head reads as sent, while nothing of
   * it leaves. Throws where the head cannot be built.
   */
  freeze(args: EndArguments, end: unknown): void
  /**
   * The commit is over and the end about to leave; where it failed the head is out before anybody is told. Throws where
   * the head cannot be built.
   */
  thaw(hasFailed: boolean): void
  /** Takes no more writes until `thaw`, for an error handler that does not know that the response has ended. */
  dropWrites(): void
}
