import { types } from 'node:util'

/** The head of a response (status line and headers) while the response is held. HTTP/1 and HTTP/2 differ in it. */
export interface ResponseHead {
  /**
   * Called when `end` was called with these arguments: from now on the head reads as sent, and nothing is sent. Throws if
   * the head cannot be built.
   */
  freeze(args: EndArguments, end: unknown): void
  /**
   * Called before the end is sent. After a failed commit the head is built first, before the error is passed on. Throws
   * if the head cannot be built.
   */
  thaw(hasFailed: boolean): void
  /** Ignores writes until `thaw`: an error handler may write, since it does not know that the response has ended. */
  ignoreWrites(): void
}

/** The arguments of a response's `end`. */
export type EndArguments = [chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void]

/** Returns whether Node accepts the chunk and its encoding. */
export function isSendable([chunk, encoding]: EndArguments): boolean {
  if (typeof chunk === 'string') return typeof encoding !== 'string' || Buffer.isEncoding(encoding)
  return chunk === undefined || chunk === null || typeof chunk === 'function' || types.isUint8Array(chunk)
}

/** Returns only the callback: the chunk of an `end` that comes too late is not sent. */
export function withoutChunk(args: EndArguments): EndArguments {
  return args.filter((arg) => typeof arg === 'function') as EndArguments
}
